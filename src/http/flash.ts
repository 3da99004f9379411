import { createMiddleware } from 'hono/factory'
import { dropCookie, readCookie, writeCookie } from './cookies.ts'
import type { AppEnv, Ctx, Flash } from './env.ts'
import { seal, unseal } from './signing.ts'

/** Reads what the request before left to be said. */
export const flash = createMiddleware<AppEnv>(async (c, next) => {
  const text = await unsealed(c)
  c.set('flash', text ? (JSON.parse(text) as Flash) : null)
  await next()
})

/** Leaves a sentence for the next page: signed, so that nobody else puts words into our mouth. */
export async function leaveFlash(c: Ctx, said: Flash) {
  writeCookie(c, 'flash', await seal(c.get('deps'), 'flash', JSON.stringify(said)), 60)
}

/** What to say on this page; it is said once. */
export function takeFlash(c: Ctx): Flash | null {
  const said = c.get('flash') ?? null
  if (said) dropCookie(c, 'flash')
  return said
}

async function unsealed(c: Ctx) {
  const cookie = readCookie(c, 'flash')
  return cookie === undefined ? null : unseal(c.get('deps'), 'flash', cookie)
}
