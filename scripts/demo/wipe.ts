import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type Command, CommandError, say } from '../../src/cli/command.ts'
import { removeDatabases } from './database-servers.ts'
import { demoConfig } from './demo-config.ts'
import { environmentsIn, stopEnvironments } from './environments.ts'
import { assertNotServed, onDemo } from './stop.ts'

/** What the demo and the portal put into the data folder; the passwords last, they mark it as the demo's. */
const ours = [
  'gatehouse.sqlite',
  'gatehouse.sqlite-wal',
  'gatehouse.sqlite-shm',
  'gatehouse.log',
  'applications',
  'spool',
  'files',
  'databases',
  'master.key',
  'master.key.previous',
  'master.key.next',
  'demo-ports.json',
  'demo-passwords',
]

export const wipeDemo: Command = {
  summary: 'Stops the environments and removes the demo’s data.',
  async run() {
    const { DATA_DIR: folder } = demoConfig()
    const stopped = await onDemo(async deps => {
      await assertNotServed(deps)
      await stopEnvironments(deps, await environmentsIn(folder), say)
      removeDatabases(folder)
    })
    if (!stopped) return 0
    for (const name of ours) rmSync(path.join(folder, name), { recursive: true, force: true })
    say(leftOver(folder))
    return 0
  },
}

function leftOver(folder: string): string {
  const names = readdirSync(folder)
  if (names.length > 0) return `The demo is gone. ${folder} stays: it also holds ${names.join(', ')}.`
  try {
    rmdirSync(folder)
    return `The demo is gone, and ${folder} with it.`
  } catch (error) {
    throw new CommandError(`The demo is gone, but not ${folder} (${(error as NodeJS.ErrnoException).code}).`)
  }
}
