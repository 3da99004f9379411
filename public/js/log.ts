/** More lines than this are not kept in the page while following; the earlier ones stay a link away. */
const keptLines = 5000

export function followLogs() {
  for (const frame of document.querySelectorAll<HTMLElement>('[data-log-frame]')) {
    const view = frame.parentElement
    const log = frame.querySelector<HTMLElement>('[data-log]')
    if (!view || !log) continue
    follow(frame, log, view.querySelector<HTMLInputElement>('[data-follow]'))
    find(log, view.querySelector<HTMLInputElement>('[data-log-find]'), view.querySelector('[data-log-found]'))
  }
}

function follow(frame: HTMLElement, log: HTMLElement, toggle: HTMLInputElement | null) {
  if (!toggle) return
  const toEnd = () => {
    if (!toggle.checked) return
    while (log.childElementCount > keptLines) log.firstElementChild?.remove()
    frame.scrollTop = frame.scrollHeight
  }
  const atEnd = () => frame.scrollHeight - frame.scrollTop - frame.clientHeight < 24
  // A link to one line asks for that line, not for the end.
  if (location.hash) toggle.checked = false
  toEnd()
  new MutationObserver(toEnd).observe(log, { childList: true })
  toggle.addEventListener('change', toEnd)
  frame.addEventListener('scroll', () => {
    toggle.checked = atEnd()
  })
}

function find(log: HTMLElement, input: HTMLInputElement | null, found: Element | null) {
  let at = 0
  const hits = () => [...log.querySelectorAll<HTMLElement>('.log-hit')]
  input?.addEventListener('input', () => {
    const words = input.value.trim().toLowerCase()
    for (const line of log.querySelectorAll('.log-line'))
      line.classList.toggle('log-hit', words !== '' && matches(line, words))
    at = 0
    show(hits()[0])
    if (found) found.textContent = words && hitWords(hits().length)
  })
  input?.addEventListener('keydown', event => {
    const all = hits()
    if (event.key !== 'Enter' || all.length === 0) return
    event.preventDefault()
    at = (at + (event.shiftKey ? all.length - 1 : 1)) % all.length
    show(all[at])
    if (found) found.textContent = `${at + 1} of ${hitWords(all.length)}`
  })
}

const matches = (line: Element, words: string) =>
  line.querySelector('.log-text')?.textContent?.toLowerCase().includes(words) ?? false

const hitWords = (n: number) => (n === 0 ? 'not found' : n === 1 ? '1 line' : `${n} lines`)

const show = (line: HTMLElement | undefined) => line?.scrollIntoView({ block: 'center' })
