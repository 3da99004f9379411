import { html } from 'hono/html'
import { type Drawn, drawnOnce } from './drawn.ts'
import { Icon } from './icon.tsx'

export interface PageOf {
  /** Number of the first and last row shown; 0 and 0 when there is none. */
  from: number
  to: number
  total: number
  /** The total is only counted so far: "10,000+". */
  atLeast?: boolean
  /** Addresses; null at the end. */
  previous: string | null
  next: string | null
}

/** 10,000. Intl knows how, but takes its time. */
const words = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',')

/** "1 - 10 of 10", "21 - 40 of 10,000+" */
export const pageWords = ({ from, to, total, atLeast }: PageOf) =>
  `${words(from)} - ${words(to)} of ${words(total)}${atLeast ? '+' : ''}`

export const Pager = ({ page, of }: { page: PageOf; of: string }) =>
  html`<nav class="pager" aria-label="Pages of ${of}">${step(page.previous, previous)}<span class="pager-words">${pageWords(
    page,
  )}</span>${step(page.next, next)}</nav>`

interface Step {
  rel: string
  label: string
  picture: Drawn
  off: Drawn
}

const step = (href: string | null, { rel, label, picture, off }: Step) =>
  href
    ? html`<a class="button button-quiet" href="${href}" rel="${rel}" title="${label}">${picture}</a>`
    : off

const stepTo = (rel: string, icon: 'previous' | 'next', label: string): Step => ({
  rel,
  label,
  picture: drawnOnce([<Icon name={icon} />, <span class="visually-hidden">{label}</span>]),
  off: drawnOnce(
    <span class="button button-quiet button-off" aria-hidden="true">
      <Icon name={icon} />
    </span>,
  ),
})
const previous = stepTo('prev', 'previous', 'Previous page')
const next = stepTo('next', 'next', 'Next page')
