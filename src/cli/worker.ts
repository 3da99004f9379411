import { readConfig } from '../config.ts'
import { startWorker } from '../jobs/worker.ts'
import { handlers, recurring } from '../work.ts'
import type { Command } from './command.ts'
import { prepareDataFolder } from './data-folder.ts'
import { createLogger } from './logger.ts'
import { openDeps } from './open-deps.ts'
import { stopAsked } from './stop-signals.ts'

export const worker: Command = {
  summary: 'Runs only the worker, beside a “serve” on the same database.',
  async run() {
    const asked = stopAsked()
    const config = readConfig()
    const log = createLogger(config.LOG_LEVEL)
    const warning = prepareDataFolder(config)
    if (warning) log.warn(warning)
    const opened = await openDeps(config, log)
    const running = startWorker(opened.deps, { handlers, recurring }, opened.signals.onWake)
    log.info('worker started')
    log.info({ signal: await asked }, 'worker stopping')
    opened.beginStop()
    await running.stop()
    await opened.close()
    return 0
  },
}
