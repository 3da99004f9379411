import { Icon } from './icon.tsx'

export interface Tab {
  label: string
  href: string
  current?: boolean
}

interface TabsProps {
  tabs: readonly Tab[]
  /** Names the navigation; such as the record's number. */
  label?: string
  /** The way back to the list, first as in the original: { label: 'List View', href }. */
  back?: { label: string; href: string }
}

/** Pages of one record: links with their own addresses. */
export const Tabs = ({ tabs, label = 'Pages of this record', back }: TabsProps) => (
  <nav class="tabs" aria-label={label}>
    {back && (
      <a class="tabs-back" href={back.href}>
        <Icon name="back" />
        {back.label}
      </a>
    )}
    {tabs.map(tab => (
      <a class="tab" href={tab.href} aria-current={tab.current ? 'page' : undefined}>
        {tab.label}
      </a>
    ))}
  </nav>
)
