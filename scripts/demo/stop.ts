import { existsSync } from 'node:fs'
import { pino } from 'pino'
import { type Command, CommandError, say } from '../../src/cli/command.ts'
import { openDeps } from '../../src/cli/open-deps.ts'
import type { Deps } from '../../src/deps.ts'
import { isSurelyGone } from '../../src/jobs/process-identity.ts'
import { stopDatabases } from './database-servers.ts'
import { demoConfig } from './demo-config.ts'
import { environmentsIn, stopEnvironments } from './environments.ts'
import { passwordsFile } from './passwords.ts'

export const stopDemo: Command = {
  summary: 'Stops the environments and their databases.',
  async run() {
    await onDemo(async deps => {
      await stopEnvironments(deps, await environmentsIn(deps.config.DATA_DIR), say)
      stopDatabases(deps.config.DATA_DIR)
    })
    return 0
  },
}

/** Opens the demo's database beside a portal that may be running on it. */
export async function onDemo(act: (deps: Deps) => Promise<void>): Promise<boolean> {
  const config = demoConfig()
  if (!existsSync(passwordsFile(config.DATA_DIR))) {
    say(`There is no demo in ${config.DATA_DIR}.`)
    return false
  }
  const opened = await openDeps(config, pino({ level: 'silent' }))
  try {
    await act(opened.deps)
    return true
  } finally {
    await opened.close()
  }
}

/** What a running portal has open must not be taken away under it. */
export async function assertNotServed({ db, clock, config }: Deps): Promise<void> {
  const workers = await db.selectFrom('workers').selectAll().where('stopped_at', 'is', null).execute()
  const alive = workers.find(
    ({ boot_id, pid, proc_start, seen_at }) =>
      !isSurelyGone({ bootId: boot_id, pid, procStart: proc_start }, Date.parse(seen_at), clock.now()),
  )
  if (alive)
    throw new CommandError(
      `The demo in ${config.DATA_DIR} is running (process ${alive.pid}). Stop it with Ctrl+C first.`,
    )
}
