import type { HTMLElement } from 'node-html-parser'

/** Text as a person reads it. */
export const words = (element: HTMLElement | null | undefined) =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim()

/** The accessible name of a button or link. */
export const nameOf = (element: HTMLElement) => element.getAttribute('aria-label') ?? words(element)
