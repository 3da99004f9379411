import type { Page } from 'playwright-core'

/** Presses Tab until the control of that name has the focus; fails when it can't be reached. */
export const tabTo = (page: Page, name: string | RegExp) =>
  tabUntil(page, `“${name}”`, ({ words }) => (typeof name === 'string' ? words === name : name.test(words)))

/** The same for a field, where links and buttons have its name too. */
export const tabToField = (page: Page, label: string) =>
  tabUntil(page, `the field “${label}”`, ({ words, isField }) => isField && words === label)

/** The label of the field that has the focus. */
export async function fieldInFocus(page: Page): Promise<string | null> {
  const { words, isField } = await inFocus(page)
  return isField ? words : null
}

async function tabUntil(page: Page, what: string, found: (focus: Focus) => boolean) {
  const seen = new Set<string>()
  for (let i = 0; i < 160; i++) {
    await page.keyboard.press('Tab')
    const focus = await inFocus(page)
    if (found(focus)) return
    seen.add(focus.words.slice(0, 60))
  }
  throw new Error(`The keyboard does not get to ${what}. It goes: ${[...seen].join(', ')}`)
}

interface Focus {
  words: string
  isField: boolean
}

const inFocus = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const at = document.activeElement
    const isField =
      at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement
    const words = isField ? at.labels?.[0]?.textContent : at?.textContent
    return { words: words?.replace(/\s+/g, ' ').trim() ?? '', isField }
  })
