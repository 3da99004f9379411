const saidMs = 2000

export function copyOnPress() {
  document.addEventListener('click', event => {
    const button =
      event.target instanceof Element && event.target.closest<HTMLElement>('[data-copy], [data-copy-from]')
    if (button) copy(button)
  })
}

async function copy(button: HTMLElement) {
  const { copy: text, copyFrom } = button.dataset
  const words = text ?? document.getElementById(copyFrom ?? '')?.textContent ?? ''
  const label = button.querySelector('[data-copy-label]')
  const before = label?.textContent ?? ''
  try {
    await navigator.clipboard.writeText(words.trim())
    say(label, 'Copied', before)
  } catch {
    say(label, 'The browser did not allow it', before)
  }
}

function say(label: Element | null, words: string, before: string) {
  if (!label || label.textContent === words) return
  label.textContent = words
  setTimeout(() => {
    label.textContent = before
  }, saidMs)
}
