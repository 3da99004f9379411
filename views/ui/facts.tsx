import type { Child } from 'hono/jsx'

export interface Fact {
  label: string
  value: Child
  /** Takes the whole width: long texts. */
  wide?: boolean
}

/** Labelled facts of a record, as a grid. */
export const Facts = ({ items }: { items: readonly Fact[] }) => (
  <dl class="facts">
    {items.map(item => (
      <div class={item.wide ? 'fact fact-wide' : 'fact'}>
        <dt>{item.label}</dt>
        <dd>{item.value === null || item.value === '' ? <span class="none">–</span> : item.value}</dd>
      </div>
    ))}
  </dl>
)
