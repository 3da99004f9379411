import type { Child } from 'hono/jsx'

interface CardProps {
  title: string
  /** At the right of the title: a link or a small button. */
  action?: Child
  id?: string
  children?: Child
}

export const Card = ({ title, action, id, children }: CardProps) => (
  <section class="card" id={id} aria-label={title}>
    <header class="card-head">
      <h2>{title}</h2>
      {action}
    </header>
    <div class="card-body">{children}</div>
  </section>
)
