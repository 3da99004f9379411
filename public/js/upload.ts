/** Sends files with their progress in sight; without it the browser's own form does the same. */
export function watchUploads() {
  document.addEventListener(
    'submit',
    event => {
      const form = event.target
      if (!(form instanceof HTMLFormElement) || !form.matches('[data-upload]')) return
      const file = form.querySelector<HTMLInputElement>('input[type="file"]')?.files?.[0]
      // What is missing is told by the portal, as without scripts.
      if (!file) return
      event.preventDefault()
      if (form.dataset.uploading === undefined) begin(form, file)
    },
    { capture: true },
  )
}

function begin(form: HTMLFormElement, file: File) {
  const view = viewOf(form)
  const limit = Number(form.dataset.limit)
  if (file.size > limit) {
    view.show(true)
    return view.say(
      `${file.name} is too large: it has ${megabytes(file.size)}, and up to ${megabytes(limit)} are allowed.`,
      true,
    )
  }
  form.dataset.uploading = ''
  send(form, file, view)
}

function send(form: HTMLFormElement, file: File, view: View) {
  const sending = new XMLHttpRequest()
  const leave = (event: BeforeUnloadEvent) => event.preventDefault()
  const over = () => {
    delete form.dataset.uploading
    removeEventListener('beforeunload', leave)
    view.cancel(null)
  }
  view.show(false)
  view.cancel(() => sending.abort())
  view.say(`Sending ${file.name} …`)
  addEventListener('beforeunload', leave)
  sending.upload.addEventListener('progress', ({ loaded, total }) => view.move(loaded, total))
  sending.upload.addEventListener('load', () => view.say('All of it is sent. It is being stored …'))
  sending.addEventListener('load', () => {
    over()
    answer(sending)
  })
  sending.addEventListener('abort', () => {
    over()
    view.say('Cancelled. Nothing was stored.', true)
  })
  sending.addEventListener('error', () => {
    over()
    view.say('The connection broke off. Nothing was stored. Try again.', true)
  })
  sending.open('POST', form.action)
  // Ways out of the page, such as to sign-in, are then said in a header.
  sending.setRequestHeader('HX-Request', 'true')
  sending.send(new FormData(form))
}

function answer(sending: XMLHttpRequest) {
  const next = sending.getResponseHeader('HX-Redirect')
  if (next) return location.assign(next)
  const page = new DOMParser().parseFromString(sending.responseText, 'text/html')
  const main = page.querySelector('main')
  if (!main) return location.reload()
  document.querySelector('main')?.replaceWith(document.adoptNode(main))
  document.title = page.title
  document.dispatchEvent(new CustomEvent('htmx:after:swap'))
  if (!document.querySelector('[data-error-summary]')) document.querySelector('main')?.focus()
}

interface View {
  /** `over`: only the words, there is nothing to wait for. */
  show(over: boolean): void
  say(words: string, over?: boolean): void
  move(loaded: number, total: number): void
  cancel(act: (() => void) | null): void
}

function viewOf(form: HTMLFormElement): View {
  const frame = form.querySelector<HTMLElement>('[data-upload-progress]')
  const bar = form.querySelector('progress')
  const words = form.querySelector('[data-upload-words]')
  const button = form.querySelector<HTMLButtonElement>('[data-upload-cancel]')
  // Screen readers are told every quarter, not every moment.
  let quarter = 0
  const show = (over: boolean) => {
    if (frame) frame.hidden = false
    if (bar) bar.hidden = over
    if (button) button.hidden = over
  }
  return {
    show,
    say(text, over) {
      if (words) words.textContent = text
      if (over !== undefined) show(over)
    },
    move(loaded, total) {
      const share = total > 0 ? loaded / total : 0
      if (bar) bar.value = Math.floor(share * 100)
      if (!words || Math.floor(share * 4) === quarter) return
      quarter = Math.floor(share * 4)
      if (quarter < 4) words.textContent = `${quarter * 25} % of ${megabytes(total)} sent.`
    },
    cancel(act) {
      if (button) button.onclick = act
    },
  }
}

const megabytes = (bytes: number) =>
  `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
