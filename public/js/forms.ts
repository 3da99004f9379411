/** Long enough for a double click, short enough to try again when an answer was a download. */
const guardMs = 5000

export function guardForms() {
  document.addEventListener('submit', event => {
    const form = event.target
    if (form instanceof HTMLFormElement && form.matches('[data-once]')) guardOnce(form, event)
  })
  document.addEventListener('formdata', event => {
    if (event.target instanceof HTMLFormElement && event.target.matches('[data-tidy]'))
      leaveOutEmpty(event.formData)
  })
  // Back from the next page, the form may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('[data-sending]')) release(form)
  })
}

/** In a field with a button of its own, Enter presses that one and not the form's first. */
export function pressOwnButtons() {
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement)) return
    const button = document.getElementById(event.target.dataset.enter ?? '')
    if (!(button instanceof HTMLButtonElement)) return
    event.preventDefault()
    button.form?.requestSubmit(button)
  })
}

/** Focus goes to the summary once, when the page comes back with something to correct. */
export function showErrors() {
  const summary = document.querySelector<HTMLElement>('[data-error-summary]:not([data-shown])')
  if (!summary) return
  summary.dataset.shown = ''
  summary.focus()
}

function guardOnce(form: HTMLFormElement, event: SubmitEvent) {
  if (form.dataset.sending !== undefined) return event.preventDefault()
  if (event.defaultPrevented) return
  form.dataset.sending = ''
  event.submitter?.setAttribute('aria-busy', 'true')
  setTimeout(() => release(form), guardMs)
}

function release(form: HTMLFormElement) {
  delete form.dataset.sending
  for (const button of document.querySelectorAll('button[aria-busy]')) button.removeAttribute('aria-busy')
}

function leaveOutEmpty(data: FormData) {
  for (const [name, value] of [...data]) if (value === '') data.delete(name)
}
