import type { HtmxEvent } from './requests.ts'

/** A question about the page’s form, asked in a dialog: Yes is sent, No closes it and changes nothing. */
export function askQuestions() {
  document.addEventListener('htmx:after:swap', event => {
    const { sourceElement } = (event as CustomEvent<HtmxEvent>).detail.ctx
    if (sourceElement.matches('[data-ask]')) dialog()?.showModal()
  })
  dialog()?.addEventListener('close', () => dialog()?.replaceChildren())
  document.addEventListener('submit', event => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches('dialog#question form')) return
    if (!event.submitter?.matches('[data-close]')) return
    event.preventDefault()
    dialog()?.close()
  })
}

const dialog = () => document.querySelector<HTMLDialogElement>('dialog#question')
