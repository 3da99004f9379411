import { drawnOnce } from '../ui/drawn.ts'

/** The product's mark: a gatehouse, two towers and the open gate between them. */
export const Mark = () => mark

const mark = drawnOnce(
  <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <path d="M2 3h2v2h1.5V3h2v2H9v4h6V5h1.5V3h2v2H20V3h2v18h-6.5v-5a3.5 3.5 0 0 0-7 0v5H2z" />
  </svg>,
)
