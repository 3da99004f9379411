import type { HtmxEvent } from './requests.ts'

/** Select Value as a dialog. */
export function openLookups() {
  document.addEventListener('htmx:after:swap', event => {
    const { sourceElement } = (event as CustomEvent<HtmxEvent>).detail.ctx
    if (sourceElement.matches('[data-lookup]')) open()
  })
  dialog()?.addEventListener('close', shut)
  document.addEventListener('submit', event => {
    const form = event.target
    if (form instanceof HTMLFormElement && form.matches('dialog [data-select-value]')) take(form, event)
  })
}

const dialog = () => document.querySelector<HTMLDialogElement>('dialog#select-value')

function open() {
  dialog()?.showModal()
  dialog()?.querySelector<HTMLInputElement>('[name="filter"]')?.focus()
}

function take(form: HTMLFormElement, event: SubmitEvent) {
  event.preventDefault()
  const pressed = event.submitter
  if (!(pressed instanceof HTMLButtonElement)) return
  if (pressed.matches('[data-choice]')) choose(form.dataset.selectValue ?? '', pressed.value)
  else if (pressed.matches('[data-close]')) shut()
}

/** Emptied, it leaves no second label of the same words behind. */
function shut() {
  dialog()?.close()
  dialog()?.replaceChildren()
}

/** Puts the value into its field, as if it had been typed. */
function choose(field: string, value: string) {
  shut()
  const button = document.querySelector<HTMLButtonElement>(`[data-lookup="${CSS.escape(field)}"]`)
  const input = button?.form?.elements.namedItem(field)
  if (!(input instanceof HTMLInputElement)) return
  input.value = value
  input.focus()
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
