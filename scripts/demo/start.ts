import path from 'node:path'
import { pino } from 'pino'
import { type DemoEnvironment, seedDemo } from '../../db/seeds/demo.ts'
import { hashPassword, verifyPassword } from '../../src/auth/passwords.ts'
import { type Command, say } from '../../src/cli/command.ts'
import { prepareDataFolder } from '../../src/cli/data-folder.ts'
import { createLogger } from '../../src/cli/logger.ts'
import { startPortal } from '../../src/cli/portal.ts'
import { stopAsked } from '../../src/cli/stop-signals.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Deps } from '../../src/deps.ts'
import { openDatabases } from './databases.ts'
import { demoConfig } from './demo-config.ts'
import { environmentsIn, startEnvironments } from './environments.ts'
import { type DemoPerson, demoPersons, personLine } from './passwords.ts'

export const startDemo: Command = {
  summary: 'Starts the demo: the portal and its environments.',
  async run() {
    const asked = stopAsked()
    const config = demoConfig()
    const warning = prepareDataFolder(config)
    if (warning) say(warning)
    const logFile = path.join(config.DATA_DIR, 'gatehouse.log')
    // Written at once: a start that fails ends before a file is opened in the background.
    const log = createLogger(config.LOG_LEVEL, pino.destination({ dest: logFile, mode: 0o600, sync: true }))
    const folder = config.DATA_DIR
    // Only behind the port: two starts at once must not make two sets of passwords.
    const persons: DemoPerson[] = []
    const environments: DemoEnvironment[] = []
    const portal = await startPortal(config, log, async deps => {
      persons.push(...demoPersons(folder))
      environments.push(...(await environmentsIn(folder)))
      await seed(deps, persons, environments)
    })
    say(`Gatehouse is at ${portal.url}`)
    for (const person of persons) say(personLine(person))
    await noteChangedPasswords(portal.deps, persons)
    const starting = startEnvironments(portal.deps, environments, say).catch(error =>
      say(`Environments: ${error.message}`),
    )
    const opening = openDatabases(portal.deps, folder, say).catch(error => say(`Databases: ${error.message}`))
    printHints(folder, logFile)
    log.info({ signal: await asked }, 'stopping')
    say('Stopping the portal. The environments and their databases go on running.')
    await Promise.all([starting, opening])
    await portal.stop()
    return 0
  },
}

async function seed(deps: Deps, persons: readonly DemoPerson[], environments: readonly DemoEnvironment[]) {
  const hashes = new Map<string, string>()
  const known = await deps.db.selectFrom('persons').select('id').execute()
  for (const { id, password } of persons)
    if (!known.some(person => person.id === id)) hashes.set(id, await hashPassword(password))
  await seedDemo(deps.db, {
    now: nowInstant(deps.clock),
    passwordHash: person => hashes.get(person) ?? null,
    environments,
  })
}

/** A printed password must not be taken for one that works. */
async function noteChangedPasswords({ db }: Deps, persons: readonly DemoPerson[]) {
  const rows = await db.selectFrom('persons').select(['id', 'password_hash']).execute()
  for (const { id, loginId, password } of persons) {
    const hash = rows.find(row => row.id === id)?.password_hash ?? null
    if (!(await verifyPassword(hash, password)))
      say(`(${loginId} has another password by now, the one that was chosen in the portal.)`)
  }
}

function printHints(folder: string, logFile: string) {
  say('')
  say(`Everything is in ${folder}; the portal logs to ${logFile}.`)
  say('Ctrl+C stops the portal. The environments and their databases outlive it:')
  say('  npm run demo -- --stop   stops them')
  say('  npm run demo -- --wipe   stops them and removes the demo')
  say('')
}
