import { createMiddleware } from 'hono/factory'
import { minutes } from '../clock.ts'
import { paths } from '../paths.ts'
import { can, isOperator } from '../policy.ts'
import { safeMethods } from './csrf.ts'
import type { AppEnv, Ctx } from './env.ts'
import { keepForm } from './kept-forms.ts'
import { leave, notFoundPage } from './respond.ts'

/** Proof of who one is counts for this long. */
const identifiedFor = minutes(15)

/** Leads to sign-in and back. */
export const signedIn = createMiddleware<AppEnv>(async (c, next) => {
  if (c.get('session')) return next()
  return leave(c, paths.signIn({ return_to: returnTo(c) }))
})

/** What one may not see is 404, the Administration too. */
export const operatorsOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (!c.get('session')) return leave(c, paths.signIn({ return_to: returnTo(c) }))
  return can(c.get('actor'), 'administration.use') ? next() : notFoundPage(c)
})

/** For acts that need fresh proof: identify again, and come back with what was typed. */
export const identifiedRecently = createMiddleware<AppEnv>(async (c, next) => {
  const session = c.get('session')
  if (!session) return leave(c, paths.signIn({ return_to: returnTo(c) }))
  if (isFresh(c)) return next()
  const back = c.req.method === 'GET' ? returnTo(c) : await keepForm(c, session.personId)
  return leave(c, paths.identify({ return_to: back }))
})

/** The same for whatever a page does, but not for looking at it. */
export const actsIdentified = createMiddleware<AppEnv>((c, next) =>
  safeMethods.has(c.req.method) ? next() : identifiedRecently(c, next),
)

/**
 * For acts of operators on pages that others use as well. What only redraws the form, as `stages` tells, stores
 * nothing and needs no proof.
 */
export const operatorsIdentified = (stages: (c: Ctx) => boolean | Promise<boolean> = () => false) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const acts = !safeMethods.has(c.req.method) && c.get('session') && isOperator(c.get('actor'))
    return acts && !(await stages(c)) ? identifiedRecently(c, next) : next()
  })

/** Whether they proved who they are a short time ago. */
export function isFresh(c: Ctx): boolean {
  const session = c.get('session')
  if (session === null) return false
  return c.get('deps').clock.now().getTime() - Date.parse(session.identifiedAt) < identifiedFor
}

/** Only pages can be returned to; after a lost POST or a fragment, the page it stood on. */
function returnTo(c: Ctx): string | undefined {
  const url = new URL(c.req.url)
  const page = c.req.method === 'GET' && c.req.header('hx-request') !== 'true'
  if (!page) return undefined
  const path = url.pathname + url.search
  return path === paths.home() ? undefined : path
}
