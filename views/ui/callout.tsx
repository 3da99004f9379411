import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

type CalloutKind = 'info' | 'done' | 'warning' | 'failed'

const icons: Record<CalloutKind, IconName> = {
  info: 'info',
  done: 'tick',
  warning: 'warning',
  failed: 'close',
}

interface CalloutProps {
  kind?: CalloutKind
  title?: string
  /** Announced by screen readers when it appears. */
  live?: boolean
  children?: Child
}

/** Something to know before going on. */
export const Callout = ({ kind = 'info', title, live, children }: CalloutProps) => (
  <div class={`callout callout-${kind}`} role={live ? 'status' : undefined}>
    <Icon name={icons[kind]} />
    <div>
      {title && <p class="callout-title">{title}</p>}
      {children}
    </div>
  </div>
)
