import type { Ctx } from './env.ts'

/** htmx asks for a piece of the page; boosted links and history ask for all of it. */
export const isFragment = (c: Ctx) =>
  c.req.header('hx-request') === 'true' && c.req.header('hx-request-type') === 'partial'

/** Any request of htmx: it follows redirects inside fetch, so a way out of the page needs a header. */
export const isHtmx = (c: Ctx) => c.req.header('hx-request') === 'true'
