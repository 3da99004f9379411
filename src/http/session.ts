import { createMiddleware } from 'hono/factory'
import type { Actor } from '../policy.ts'
import type { AppEnv, Ctx, LiveSession, PageBook, Preferences } from './env.ts'
import { hasBody, readFields } from './forms.ts'

/** Who is behind a cookie. */
export interface Visitor {
  session: LiveSession
  actor: Actor
  preferences: Preferences
}

/** Finds the live session of a request's Cookie header. Given by app.tsx, so that http knows no domain. */
export type FindVisitor = (cookieHeader: string) => Promise<Visitor | null>

const strangers: Preferences = { theme: 'system', shortcuts: false }

/** Loads who acts. */
export const session = (find: FindVisitor, pages: PageBook) =>
  createMiddleware<AppEnv>(async (c, next) => {
    c.set('pages', pages)
    c.set('loadVisitor', () => loadVisitor(c, find))
    await loadVisitor(c, find)
    await next()
  })

/**
 * Loads again who acts when all of their form is there: one that is sent slowly must not act with the rights of when
 * it began.
 */
export const sessionOfForm = (find: FindVisitor) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (hasBody(c)) {
      // Whoever needs the form says what is wrong with it.
      await readFields(c).catch(() => {})
      await loadVisitor(c, find)
    }
    await next()
  })

async function loadVisitor(c: Ctx, find: FindVisitor) {
  const visitor = await find(c.req.header('cookie') ?? '')
  c.set('session', visitor?.session ?? null)
  c.set('preferences', visitor?.preferences ?? strangers)
  if (visitor) c.set('actor', visitor.actor)
}

/** The actor where nobody has to be signed in. */
export const actorOrNull = (c: Ctx): Actor | null => (c.get('session') ? c.get('actor') : null)
