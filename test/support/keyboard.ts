import type { Page } from 'playwright-core'

/** Presses Tab until the control of that name has the focus; fails when it can't be reached. */
export async function tabTo(page: Page, name: string | RegExp) {
  const seen: string[] = []
  for (let i = 0; i < 160; i++) {
    await page.keyboard.press('Tab')
    const focused = await focusedName(page); console.log('F', focused)
    if (typeof name === 'string' ? focused === name : name.test(focused)) return
    seen.push(focused)
  }
  throw new Error(`“${name}” can't be reached by Tab. It goes: ${[...new Set(seen)].join(', ')}`)
}

const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement
    const isField =
      at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement
    const words = isField ? at.labels?.[0]?.textContent : at?.textContent
    return words?.replace(/\s+/g, ' ').trim() ?? ''
  })
