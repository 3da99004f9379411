/** Links that would leave behind what is typed: the form is sent instead, and its answer leads on. */
export function keepTyped() {
  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-keep]')
    const form = document.getElementById(link?.dataset.keep ?? '')
    if (!link || !(form instanceof HTMLFormElement)) return
    event.preventDefault()
    send(form, link.dataset.keepAct ?? '')
  })
}

function send(form: HTMLFormElement, act: string) {
  const button = document.createElement('button')
  button.name = 'do'
  button.value = act
  button.hidden = true
  form.append(button)
  form.requestSubmit(button)
  button.remove()
}
