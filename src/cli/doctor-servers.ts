import { openDatabase } from '../../db/open.ts'
import { systemActor } from '../audit/record.ts'
import type { Config } from '../config.ts'
import { checkServer } from '../database-accounts/check-server.ts'
import { hasFailed } from '../database-accounts/examine-server.ts'
import { serversInUse } from '../database-accounts/server-queries.ts'
import type { DatabaseServer } from '../database-accounts/servers.ts'
import type { Deps } from '../deps.ts'
import { isReady } from '../operation/queries.ts'
import type { CheckLine } from '../provisioners/provisioner.ts'
import { type MasterKey, newMasterKeyText, readMasterKey } from '../vault/master-key.ts'
import { say } from './command.ts'
import { keyAtHand } from './doctor-vault.ts'
import { createLogger } from './logger.ts'
import { makeDeps } from './open-deps.ts'

/**
 * Checks every database server in use as “Check now” does, all at once, so that one that hangs keeps no other waiting,
 * and writes the results down: a server that passes is suspended no longer. The portal may be running meanwhile.
 */
export async function checkDatabaseServers(config: Config, limit = patience): Promise<boolean> {
  const open = await openDatabase(config)
  const { deps, close } = makeDeps(config, createLogger('silent'), open, keyOrNone(config))
  try {
    // A database of another version is left as it is.
    if (!(await isReady(deps))) return true
    const servers = await serversInUse(deps.db)
    const passed = await Promise.all(servers.map(server => checkOne(deps, server, limit)))
    return passed.every(Boolean)
  } finally {
    await close()
  }
}

/** The longest that a server may keep this command. */
const patience = 60_000

async function checkOne(deps: Deps, server: DatabaseServer, limit: number): Promise<boolean> {
  try {
    const { lines } = await checkServer(deps, server, { accept: true, limit, by: systemActor })
    for (const line of lines) say(lineOf(server.name, line))
    return !hasFailed(lines)
  } catch (error) {
    // A bug of ours, or the portal's database: the others are checked all the same.
    const says = error instanceof Error ? error.message : String(error)
    say(lineOf(server.name, { level: 'failed', what: 'check', says }))
    return false
  }
}

const words = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' } as const

/** Statements to run stand under it, as they are. */
const lineOf = (name: string, { level, what, says }: CheckLine) =>
  `${words[level]} ${name}, ${what}: ${says.replaceAll('\n', '\n          ')}`

/** What is kept elsewhere needs none; what is in the vault then says why it can't be had. */
function keyOrNone(config: Config): MasterKey {
  const none = readMasterKey(newMasterKeyText())
  if (!none) throw new Error('A new key can’t be read.')
  try {
    return keyAtHand(config) ?? none
  } catch {
    return none
  }
}
