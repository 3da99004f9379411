import type { HTMLElement } from 'node-html-parser'

/** Text as a person reads it. */
export const words = (element: HTMLElement | null | undefined) =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim()

/** The accessible name of a button or link. */
export const nameOf = (element: HTMLElement) => element.getAttribute('aria-label') ?? words(element)

/** Name of a table, of a region or of a section. */
export function nameOfRegion(element: HTMLElement, document: HTMLElement): string {
  const labelledBy = element.getAttribute('aria-labelledby')
  if (labelledBy) return words(document.getElementById(labelledBy))
  return element.getAttribute('aria-label') ?? words(element.querySelector('caption'))
}
