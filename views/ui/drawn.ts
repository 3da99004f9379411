import { html } from 'hono/html'
import type { Child } from 'hono/jsx'

/** What was drawn: escaped, and put into a page as it is. */
export type Drawn = ReturnType<typeof html>

/** Draws what always looks the same: when the program starts, and not again for each page. */
export function drawnOnce(picture: Child): Drawn {
  const drawn = html`${picture}`
  // Reading it joins its parts for good; every page would join them again.
  String(drawn).charCodeAt(0)
  return drawn
}

/**
 * A component that is drawn once for each of its looks. `lookOf` names everything that `draw` makes use of: what is
 * left out of it would be shown to others. Looks are kept while there are few of them.
 */
export function drawnPerLook<P>(lookOf: (props: P) => string, draw: (props: P) => Child, most = 200) {
  const looks = new Map<string, Drawn>()
  return (props: P): Drawn => {
    const look = lookOf(props)
    const known = looks.get(look)
    if (known) return known
    if (looks.size >= most) looks.clear()
    const drawn = drawnOnce(draw(props))
    looks.set(look, drawn)
    return drawn
  }
}
