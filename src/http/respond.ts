import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { MessagePage, type MessagePageProps } from '../../views/errors/message-page.tsx'
import type { Chrome } from '../../views/layout/chrome.ts'
import { type NavKey, navigation } from '../../views/navigation.ts'
import { type Problem, statusOf } from '../result.ts'
import type { Ctx, Flash } from './env.ts'
import { leaveFlash, takeFlash } from './flash.ts'
import { isFragment, isHtmx } from './fragment.ts'

/** What surrounds the page; opening a page of the menu is remembered for My Recent Applications. */
export async function chromeOf(c: Ctx, nav: NavKey | null = null): Promise<Chrome> {
  const chrome = { ...plainChromeOf(c), flash: isFragment(c) ? null : takeFlash(c), nav }
  const session = c.get('session')
  if (!session || nav === null || !('star' in navigation[nav])) return chrome
  if (c.req.method === 'GET' && !isFragment(c)) await c.get('pages').visited(session.personId, nav)
  return { ...chrome, starred: await c.get('pages').isFavorite(session.personId, nav) }
}

/** A chrome made from nothing but the request: for error pages, also when the database is away. */
function plainChromeOf(c: Ctx): Chrome {
  const url = new URL(c.req.url)
  return {
    actor: c.get('session') ? c.get('actor') : null,
    preferences: c.get('preferences') ?? { theme: 'system', shortcuts: false },
    csrf: c.get('csrf') ?? '',
    path: url.pathname + url.search,
    flash: null,
    nav: null,
    starred: null,
  }
}

/** To another page after an act, with a sentence to be said there. */
export async function seeOther(c: Ctx, path: string, said?: Flash | string): Promise<Response> {
  if (said) await leaveFlash(c, typeof said === 'string' ? { kind: 'done', text: said } : said)
  return isFragment(c) ? leave(c, path) : c.redirect(path, 303)
}

/** A browser leaves the page even when only a fragment of it was asked for. */
export function leave(c: Ctx, path: string): Response {
  if (!isHtmx(c)) return c.redirect(path, 303)
  c.header('HX-Redirect', path)
  return c.body(null, 204)
}

/** Answers with the problem's own page. */
export function problem(c: Ctx, found: Problem): Response | Promise<Response> {
  if (found.kind === 'not_found') return notFoundPage(c, found.message)
  if (found.kind === 'too_many') c.header('Retry-After', String(found.retryAfterSeconds))
  const fields = found.kind === 'invalid' ? Object.values(found.fields) : []
  return messagePage(c, statusOf[found.kind], {
    title: titles[found.kind],
    lines: [found.message, ...fields],
  })
}

const titles = {
  forbidden: 'You may not do this',
  conflict: 'Something has changed meanwhile',
  invalid: 'There is something to correct',
  too_many: 'Please wait a moment',
} as const satisfies Record<Exclude<Problem['kind'], 'not_found'>, string>

/** Nothing there, or nothing this person may see: the same page. */
export const notFoundPage = (c: Ctx, message?: string) =>
  messagePage(c, 404, {
    title: 'Page not found',
    lines: [
      message ??
        'There is nothing at this address, or nothing that you may see. It may have been moved or removed, or you need access to it first.',
    ],
  })

/** A page that says what happened, why and what to do, in the layout. */
export function messagePage(
  c: Ctx,
  status: ContentfulStatusCode,
  message: Omit<MessagePageProps, 'chrome' | 'requestId'>,
): Response | Promise<Response> {
  c.header('Cache-Control', 'no-store')
  // Instead of squeezing a page into the place of a fragment, it takes the place of the page's content.
  if (isFragment(c)) {
    c.header('HX-Retarget', '#main')
    c.header('HX-Reselect', '#main')
    c.header('HX-Reswap', 'outerHTML')
  }
  return c.html(MessagePage({ ...message, chrome: plainChromeOf(c), requestId: c.get('requestId') }), status)
}
