import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { Deps } from '../deps.ts'
import type { AppEnv, Ctx } from './env.ts'
import type { Metrics } from './metrics.ts'
import { loggedPath } from './secret-address.ts'

/** Gives the request its number and dependencies, and writes one line about it when it is answered. */
export const requestLog = (deps: Deps, metrics: Metrics) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const began = performance.now()
    c.set('deps', deps)
    c.set('requestId', randomUUID())
    c.header('X-Request-Id', c.get('requestId'))
    await next()
    metrics.answered(c.req.method, c.res.status)
    const line = lineOf(c, Math.round(performance.now() - began))
    deps.log[levelOf(c)](line, 'request')
  })

/** What machines ask for all the time would hide what people do. */
const levelOf = (c: Ctx) =>
  c.res.status >= 500 ? 'error' : /^\/(static\/|healthz|readyz|metrics)/.test(c.req.path) ? 'debug' : 'info'

const lineOf = (c: Ctx, ms: number) => ({
  requestId: c.get('requestId'),
  method: c.req.method,
  path: loggedPath(c.req.path),
  status: c.res.status,
  ms,
  address: c.get('address'),
  person: c.get('session')?.personId,
})
