import type { ShownPage } from './shown-page.ts'
import { words } from './words.ts'

/** A labelled fact of a record, such as its Status. */
export function factOf(page: ShownPage, label: string): string {
  const term = page.main.querySelectorAll('dt').find(dt => words(dt) === label)
  if (!term) throw new Error(`No fact “${label}” on ${page.path} (${page.status} ${page.heading}).`)
  return words(term.parentNode?.querySelector('dd'))
}

/** What happened to a record, oldest first. */
export const historyOn = (page: ShownPage): string[] =>
  page.main.querySelectorAll('.timeline-what').map(words)
