import { Hono } from 'hono'
import { hashesDone } from '../auth/passwords.ts'
import { findVisitor } from '../auth/sessions.ts'
import { isLoopback } from '../config.ts'
import type { Deps } from '../deps.ts'
import { peerAddress } from '../http/address.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { type Metrics, metric } from '../http/metrics.ts'
import { paths } from '../paths.ts'
import { isOperator } from '../policy.ts'
import { countByState, isReady } from './queries.ts'

/** For who watches the process: machines that ask, without a session. */
export const operationRoutes = (deps: Deps, metrics: Metrics) =>
  new Hono<AppEnv>()
    .get(paths.health(), c => c.text('ok', 200, { 'Cache-Control': 'no-store' }))
    .get(paths.ready(), async c => {
      const state = deps.stopping.aborted
        ? 'stopping'
        : (await isReady(deps))
          ? 'ready'
          : 'database not ready'
      return c.text(state, state === 'ready' ? 200 : 503, { 'Cache-Control': 'no-store' })
    })
    .get(paths.metrics(), async c => {
      if (!(await mayMeasure(c))) return c.notFound()
      return c.text(metrics.text() + (await measured(deps)), 200, {
        'Content-Type': 'text/plain; version=0.0.4',
        'Cache-Control': 'no-store',
      })
    })

async function measured(deps: Deps): Promise<string> {
  const byState = async (table: 'jobs' | 'runs') =>
    (await countByState(deps, table)).map(({ state, count }) => [`state="${state}"`, Number(count)] as const)
  return [
    metric('gatehouse_password_hashes_total', 'counter', 'Passwords hashed by this process.', [
      ['', hashesDone()],
    ]),
    metric('gatehouse_jobs', 'gauge', 'Jobs in the queue, by state.', await byState('jobs')),
    metric('gatehouse_runs', 'gauge', 'Runs of service requests, by state.', await byState('runs')),
  ].join('')
}

/** This machine itself, but not a proxy on it that speaks for others; or an operator. */
async function mayMeasure(c: Ctx): Promise<boolean> {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(name => c.req.header(name))
  const peer = peerAddress(c)
  if (!forwarded && (isLoopback(peer) || peer === '::1')) return true
  const visitor = await findVisitor(c.var.deps, c.req.header('cookie') ?? '')
  return visitor !== null && isOperator(visitor.actor)
}
