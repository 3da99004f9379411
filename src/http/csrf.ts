import { createMiddleware } from 'hono/factory'
import { randomToken, tokenHash } from '../ids.ts'
import { readCookie, writeCookie } from './cookies.ts'
import type { AppEnv, Ctx } from './env.ts'
import { readFields } from './forms.ts'
import { keepStaleForm } from './kept-forms.ts'
import { newNonce } from './nonces.ts'
import { messagePage } from './respond.ts'
import { isSecretAddress } from './secret-address.ts'
import { isSigned, sign } from './signing.ts'

/** They look and change nothing. */
export const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Every form carries a token bound to its session; before sign-in, to a cookie made for that. */
export const csrf = createMiddleware<AppEnv>(async (c, next) => {
  const subject = c.get('session')?.idHash ?? anonymousSubject(c)
  c.set('csrf', await makeToken(c, subject))
  if (safeMethods.has(c.req.method)) return next()
  if (!fromOurPages(c)) return refusedForeign(c)
  const token = c.req.header('x-csrf-token') ?? (await readFields(c)).csrf?.at(-1)
  const bound = token === undefined ? null : await subjectOf(c, token)
  if (bound === subject) return next()
  // Genuine, but of a session that is over: what was typed is not lost.
  const kept = bound === null ? null : await keepStaleForm(c, bound)
  return kept ?? refusedToken(c)
})

/**
 * The same for a form with a file, which is not read beforehand: the form is asked before the file is. Gives the
 * token of the pages that answer it; null: it may be read on.
 */
export async function refuseForeignUpload(c: Ctx): Promise<Response | null> {
  c.set('csrf', await makeToken(c, c.get('session')?.idHash ?? anonymousSubject(c)))
  return fromOurPages(c) ? null : refusedForeign(c)
}

/** Whether the token of the form, or of the request's header, is this session's. */
export async function refuseUploadWithout(c: Ctx, token: string | undefined): Promise<Response | null> {
  const given = c.req.header('x-csrf-token') ?? token
  const bound = given === undefined ? null : await subjectOf(c, given)
  return bound !== null && bound === c.get('session')?.idHash ? null : refusedToken(c)
}

const refusedForeign = (c: Ctx) =>
  refused(c, `It did not come from a page of ${c.get('deps').config.PUBLIC_URL}.`)
const refusedToken = (c: Ctx) => refused(c, 'Its security token is missing, or not yours.')

/** The sender's page, as the browser states it and no page can forge. */
function fromOurPages(c: Ctx): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Sent over https and to loopback only, and not by old browsers; those send Origin with every form.
  const origin = c.req.header('origin') ?? ''
  // Pages that send no Referer send no Origin either: there the form's token alone has to do.
  return (origin === 'null' && isSecretAddress(c.req.path)) || c.get('deps').config.origins.includes(origin)
}

/** A new nonce each time: compressed pages would else give away a token that never changes. */
async function makeToken(c: Ctx, subject: string): Promise<string> {
  const text = `${subject}.${newNonce()}`
  return `${text}.${await sign(c.get('deps'), 'csrf', text)}`
}

/** The session (hash) or pre-session that a genuine token was made for; null when it is not genuine. */
async function subjectOf(c: Ctx, token: string): Promise<string | null> {
  const [subject = '', nonce = '', signature = ''] = token.split('.')
  return (await isSigned(c.get('deps'), 'csrf', `${subject}.${nonce}`, signature)) ? subject : null
}

/** Before sign-in the browser is known by a random cookie. */
function anonymousSubject(c: Ctx): string {
  const cookie = readCookie(c, 'visitor')
  if (cookie && cookie.length <= 64) return `visitor-${tokenHash(cookie)}`
  const made = randomToken()
  writeCookie(c, 'visitor', made)
  return `visitor-${tokenHash(made)}`
}

const refused = (c: Ctx, why: string) =>
  messagePage(c, 403, {
    title: 'This form was not accepted',
    lines: [
      `${why} Nothing was changed.`,
      'Open the page again in this browser, fill it in and send it. Cookies must be allowed for this portal.',
    ],
  })
