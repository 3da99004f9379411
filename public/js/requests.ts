export interface HtmxEvent {
  ctx: { sourceElement: Element; response?: { status: number; raw: Response } }
}

/** A page, or the same form with what is to be corrected. */
const drawable = new Set([200, 422])

/**
 * An error, or a page one was sent to instead (sign-in), must not be put into the middle of this one. The page
 * stays as it is; a lookup goes on without scripts, where everything has its words.
 */
export function keepPageOnTrouble() {
  document.addEventListener('htmx:before:response', event => {
    const { ctx } = (event as CustomEvent<HtmxEvent>).detail
    if (drawable.has(ctx.response?.status ?? 0) && !ctx.response?.raw.redirected) return
    event.preventDefault()
    openAsPage(ctx.sourceElement)
  })
  document.addEventListener('htmx:error', event => {
    const source = (event as CustomEvent<Partial<HtmxEvent>>).detail.ctx?.sourceElement
    if (source) openAsPage(source)
  })
}

/** requestSubmit raises no click: htmx stays out of it. */
function openAsPage(source: Element) {
  const button = source.matches('[data-press]') ? buttonFor(source as HTMLElement) : source
  if (button instanceof HTMLButtonElement) button.form?.requestSubmit(button)
}

/** The button that does the same without scripts. */
const buttonFor = (source: HTMLElement) => document.getElementById(source.dataset.press ?? '')
