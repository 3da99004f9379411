import type { ErrorHandler } from 'hono'
import { TooBusy } from '../turns.ts'
import type { AppEnv } from './env.ts'
import { UnreadableForm } from './forms.ts'
import { messagePage, problem } from './respond.ts'
import { loggedPath } from './secret-address.ts'

/** Surprises: the log gets everything, the browser a page with the number to ask by. */
export const onSurprise: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof UnreadableForm)
    return problem(c, { kind: 'invalid', message: error.message, fields: {} })
  if (error instanceof TooBusy) {
    const retryAfterSeconds = 5
    const message = 'Very many people are signing in right now. Wait a few seconds, then try again.'
    return problem(c, { kind: 'too_many', message, retryAfterSeconds })
  }
  c.var.deps.log.error(
    { err: error, requestId: c.var.requestId, method: c.req.method, path: loggedPath(c.req.path) },
    'surprise',
  )
  return messagePage(c, 500, {
    title: 'Something went wrong on our side',
    lines: [
      'The portal could not finish what you asked for. What was under way was taken back; nothing was half done.',
      'Try again in a moment. If it happens again, tell whoever operates the portal.',
    ],
  })
}
