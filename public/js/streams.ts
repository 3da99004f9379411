/** A stream that ends at once this often, one time after the other, is not coming back (one has signed out). */
const quickEnds = 5
const quickMs = 4000

interface Life {
  openedAt: number
  ends: number
}

/** htmx asks again and again for a stream that ended; a lost one is let go, and a log says so. */
export function letGoOfLostStreams() {
  const lives = new WeakMap<EventTarget, Life>()
  const lifeOf = (event: Event): Life => {
    const stream = event.target ?? document
    const life = lives.get(stream) ?? { openedAt: 0, ends: 0 }
    lives.set(stream, life)
    return life
  }
  document.addEventListener('htmx:sse:after:connection', event => {
    lifeOf(event).openedAt = Date.now()
  })
  document.addEventListener('htmx:sse:after:message', event => {
    lifeOf(event).ends = 0
  })
  document.addEventListener('htmx:sse:before:connection', event => {
    const life = lifeOf(event)
    life.ends = Date.now() - life.openedAt < quickMs ? life.ends + 1 : 0
    if (life.ends >= quickEnds) event.preventDefault()
  })
  document.addEventListener('htmx:sse:close', event => {
    const { reason } = (event as CustomEvent<{ reason: string }>).detail
    if (reason !== 'message' && reason !== 'removed' && event.target instanceof Element) sayLost(event.target)
  })
}

function sayLost(stream: Element) {
  const state = stream.closest('.log-view')?.querySelector('[data-log-state]')
  if (state) state.textContent = 'No longer live. Refresh the page to go on.'
}
