import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { createApp } from '../app.tsx'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { startWorker } from '../jobs/worker.ts'
import { handlers, recurring } from '../work.ts'
import { prepareDataFolder } from './data-folder.ts'
import { listen } from './listen.ts'
import { openDeps } from './open-deps.ts'

export interface Portal {
  url: string
  deps: Deps
  stop(): Promise<void>
}

/** Web and worker in this process. `prepare` runs on the open database before anybody is served. */
export async function startPortal(
  config: Config,
  log: Logger,
  prepare: (deps: Deps) => Promise<void> = async () => {},
): Promise<Portal> {
  const warning = prepareDataFolder(config)
  if (warning) log.warn(warning)
  const web = await listen(config)
  const opened = await openDeps(onPort(config, web.port), log).catch(async error => {
    await web.close(0)
    throw error
  })
  const { deps, signals } = opened
  await prepare(deps)
  web.answerWith(getRequestListener(createApp(deps).fetch))
  const worker = startWorker(deps, { handlers, recurring }, signals.onWake)
  return {
    url: deps.config.PUBLIC_URL,
    deps,
    async stop() {
      opened.beginStop()
      await Promise.all([web.close(graceMs), worker.stop()])
      await opened.close()
    },
  }
}

/** For requests that are being answered; streams end by themselves. */
const graceMs = 10_000

/** With PORT=0 the address is known only now. */
function onPort(config: Config, port: number): Config {
  const at = (url: string) => url.replace(/:0$/, `:${port}`)
  return { ...config, PORT: port, PUBLIC_URL: at(config.PUBLIC_URL), origins: config.origins.map(at) }
}
