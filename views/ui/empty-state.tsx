import type { Child } from 'hono/jsx'

/** Nothing here: why, and what to do. */
export const EmptyState = ({
  title,
  action,
  children,
}: {
  title: string
  action?: Child
  children?: Child
}) => (
  <div class="empty-state">
    <p class="empty-title">{title}</p>
    {children && <div class="empty-text">{children}</div>}
    {action}
  </div>
)
