import type { Db, Deps } from '../deps.ts'
import {
  type CheckLine,
  type Provisioner,
  ProvisionerError,
  type ServerIdentity,
} from '../provisioners/provisioner.ts'
import { databasesToCheck } from './server-queries.ts'
import { type DatabaseServer, openServer } from './servers.ts'

/** What a whole check has found. */
export interface Examined {
  lines: readonly CheckLine[]
  /** null: it could not be asked. */
  identity: ServerIdentity | null
}

/** A glance: what the server says of itself, or why it says nothing; both, where only the standby answers. */
export interface Glance {
  identity: ServerIdentity | null
  error: string | null
}

/** However long a server takes to say nothing, nobody waits longer. */
const limits = { check: 120_000, glance: 30_000, close: 2_000 }

/** Some kinds of servers can be looked at through a database only. */
const nothingToLookAt: CheckLine = {
  level: 'failed',
  what: 'Databases',
  says: 'No asset has its database on this server yet, so nothing could be looked at. Choose it on an asset’s tab Database.',
}

export const hasFailed = (lines: readonly CheckLine[]): boolean => lines.some(line => line.level === 'failed')

/** Looks at everything that would make accounts on it unsafe or impossible. Never throws for what the server does. */
export async function examineServer(
  deps: Deps,
  server: DatabaseServer,
  limit = limits.check,
): Promise<Examined> {
  const databases = await databasesToCheck(deps.db, server.id)
  try {
    return await withServer(deps, server, limit, async provisioner => {
      const { identity, error } = await identityOf(provisioner)
      const looked = await provisioner.check(databases)
      const twin = identity === null ? null : await twinOf(deps.db, server, identity)
      const lines = [...(looked.length > 0 ? looked : [nothingToLookAt]), ...(twin ? [twinLine(twin)] : [])]
      // Whatever is wrong is among the lines; this one stands in for it if it is not.
      const unknown = { level: 'failed', what: 'What it says of itself', says: error ?? '' } as const
      return { identity, lines: error === null || hasFailed(lines) ? lines : [...lines, unknown] }
    })
  } catch (error) {
    const says = wordsOf(error)
    return { identity: null, lines: [{ level: 'failed', what: 'Connection', says }] }
  }
}

/**
 * Another entry for the same server: names would not be unique on it, and each entry would take the accounts of the
 * other for nobody's. A system that knows no more of itself than its host may have several databases there.
 */
async function twinOf(db: Db, server: DatabaseServer, { primary }: ServerIdentity): Promise<string | null> {
  if (primary === '' || primary === server.host) return null
  const others = await db
    .selectFrom('database_servers')
    .select(['name', 'identity'])
    // The one that was entered first goes on, wherever both were before this was looked at.
    .where('id', '<', server.id)
    .where('engine', '=', server.engine)
    .where('status', '=', 'ACTIVE')
    .where('identity', 'is not', null)
    .orderBy('id')
    .execute()
  const twin = others.find(
    ({ identity }) => (JSON.parse(identity ?? '') as ServerIdentity).primary === primary,
  )
  return twin?.name ?? null
}

const twinLine = (name: string): CheckLine => ({
  level: 'failed',
  what: 'Which server it is',
  says: `It is the same server as ${name}, which is entered already. Use that one, and retire this one.`,
})

/** As cheap as a look can be. */
export async function glanceAt(deps: Deps, server: DatabaseServer): Promise<Glance> {
  try {
    return await withServer(deps, server, limits.glance, identityOf)
  } catch (error) {
    return { identity: null, error: wordsOf(error) }
  }
}

async function identityOf(provisioner: Provisioner): Promise<Glance> {
  try {
    const identity = await provisioner.identify()
    return { identity, error: identity.primary === '' ? 'The primary does not answer.' : null }
  } catch (error) {
    return { identity: null, error: wordsOf(error) }
  }
}

async function withServer<T>(
  deps: Deps,
  server: DatabaseServer,
  limit: number,
  ask: (provisioner: Provisioner) => Promise<T>,
): Promise<T> {
  const provisioner = await openServer(deps, server)
  try {
    return await within(
      limit,
      ask(provisioner),
      `${server.name} has not answered for ${limit / 1000} seconds.`,
    )
  } finally {
    await within(limits.close, provisioner.close(), '').catch(() => {})
  }
}

async function within<T>(ms: number, work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProvisionerError('unreachable', message)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What other systems do is told; anything else is a bug of ours. */
function wordsOf(error: unknown): string {
  if (error instanceof ProvisionerError) return error.message
  throw error
}

/**
 * Another value than was stored: it was promoted, restored from a backup or replaced. A standby that was entered or
 * taken away since is no difference.
 */
export function isAnother(stored: string | null, found: ServerIdentity): boolean {
  if (stored === null) return false
  const known = JSON.parse(stored) as ServerIdentity
  if (found.primary !== '' && known.primary !== found.primary) return true
  return known.standby !== null && found.standby !== null && known.standby !== found.standby
}
