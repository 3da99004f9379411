const typing = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'
/** How long `g` waits for its second key. */
const sequenceMs = 1500

let started = ''
let startedAt = 0

/** Off when the person switched them off; never while something is typed or a dialog is open. */
export function listenForShortcuts() {
  if (document.body.dataset.shortcuts !== 'on') return
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if ((event.target as Element).closest?.(typing) || document.querySelector('dialog[open]')) return
    if (press(keysSoFar(event.key))) event.preventDefault()
  })
}

function keysSoFar(key: string) {
  const keys = started && Date.now() - startedAt < sequenceMs ? `${started} ${key}` : key
  started = key === 'g' && keys === key ? key : ''
  startedAt = Date.now()
  return keys
}

function press(keys: string): boolean {
  const inPage: Record<string, () => HTMLElement | undefined | null> = {
    j: () => row(1),
    k: () => row(-1),
    '.': () =>
      document.querySelector<HTMLElement>('.page-action :is(a, button), .page-secondary :is(a, button)'),
  }
  const toFocus = inPage[keys]?.()
  if (toFocus) {
    toFocus.focus()
    return true
  }
  const toPress = keys === 's' ? save() : keys === 'o' ? opener(currentRow()) : offered(keys)
  if (!toPress) return false
  act(toPress)
  return true
}

const offered = (keys: string) => document.querySelector<HTMLElement>(`[data-key="${CSS.escape(keys)}"]`)

function act(element: HTMLElement) {
  if (!(element instanceof HTMLInputElement)) return element.click()
  // The search field may stand behind the closed menu.
  element.closest('details')?.setAttribute('open', '')
  element.focus()
}

const save = () =>
  [...document.querySelectorAll<HTMLButtonElement>('main button')].find(b => b.textContent?.trim() === 'Save')

const rows = () => [...document.querySelectorAll<HTMLElement>('[data-rows] > tr:not(.details-row)')]
const currentRow = () => rows().find(each => each.contains(document.activeElement))
const opener = (of: HTMLElement | undefined) =>
  of?.querySelector<HTMLElement>('th :is(a, button)') ?? of?.querySelector<HTMLElement>('a, button')

/** The opener of the next or previous row; of the first when none has focus. */
function row(step: 1 | -1) {
  const all = rows()
  const at = all.findIndex(each => each.contains(document.activeElement))
  return opener(at < 0 ? all[0] : all[at + step])
}
