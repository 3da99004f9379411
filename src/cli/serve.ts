import { existsSync } from 'node:fs'
import path from 'node:path'
import { setUpLink } from '../auth/set-up.ts'
import { type Config, readConfig } from '../config.ts'
import { type Command, say } from './command.ts'
import { createLogger } from './logger.ts'
import { startPortal } from './portal.ts'
import { stopAsked } from './stop-signals.ts'

export const serve: Command = {
  summary: 'Runs the portal: the pages and the worker.',
  async run() {
    const asked = stopAsked()
    const config = readConfig()
    const log = createLogger(config.LOG_LEVEL)
    const portal = await startPortal(config, log)
    say(`Gatehouse is at ${portal.url}`)
    warnOfDemo(config)
    const link = await setUpLink(portal.deps)
    if (link) say(`Nobody can sign in yet. Set up the first operator, once, within a day: ${link}`)
    log.info({ signal: await asked }, 'stopping')
    await portal.stop()
    return 0
  },
}

function warnOfDemo({ DATA_DIR: folder }: Config) {
  if (existsSync(path.join(folder, 'demo-passwords')))
    say(`${folder} holds the demo and its persons. Set DATA_DIR to another folder for real use.`)
}
