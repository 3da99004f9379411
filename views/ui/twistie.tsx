import type { Child } from 'hono/jsx'

interface TwistieProps {
  summary: Child
  open?: boolean
  id?: string
  children?: Child
}

/** More about it, without losing the place. */
export const Twistie = ({ summary, open, id, children }: TwistieProps) => (
  <details class="twistie" open={open} id={id}>
    <summary>{summary}</summary>
    <div class="twistie-body">{children}</div>
  </details>
)
