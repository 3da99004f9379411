import { after, seconds } from '../clock.ts'
import type { Config } from '../config.ts'
import type { JobHandler } from './handler.ts'

/**
 * Jobs that wait for other systems have at most half of a worker's slots, all of them together: were a network down,
 * they would else keep what people wait for waiting. Those for which none is free come again in a few seconds.
 */
export function atMostHalf(handlers: Readonly<Record<string, JobHandler>>): Record<string, JobHandler> {
  const running = new WeakMap<Config, number>()
  const limited =
    (handler: JobHandler): JobHandler =>
    async (deps, job) => {
      const { config, clock } = deps
      const count = running.get(config) ?? 0
      if (count >= Math.max(1, Math.floor(config.WORKER_CONCURRENCY / 2)))
        return { kind: 'again', at: after(clock.now(), seconds(5)) }
      running.set(config, count + 1)
      try {
        return await handler(deps, job)
      } finally {
        running.set(config, (running.get(config) ?? 1) - 1)
      }
    }
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, limited(handler)]))
}
