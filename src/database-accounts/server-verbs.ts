import { isUniqueViolation } from '../../db/errors.ts'
import type { DatabaseEngine } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import type { Secret } from '../secret.ts'
import { askForCertificates } from './ask-for-certificates.ts'
import { askForCheck } from './ask-for-check.ts'
import { openAccounts } from './server-queries.ts'
import { onlyOperators, serverSubject } from './server-words.ts'
import { type DatabaseServer, findServer, serverBinding } from './servers.ts'

/** What operators set of a server, besides its kind and the portal's password on it. */
export interface ServerFacts {
  name: string
  host: string
  port: number
  standby_host: string | null
  standby_port: number | null
  admin_name: string
  ca: string | null
  pin: string | null
  standby_pin: string | null
  options: Readonly<Record<string, unknown>>
}

/** How the portal comes by its password there. */
export type Credential =
  | { kind: 'keep' }
  | { kind: 'password'; password: Secret }
  | { kind: 'reference'; reference: string }

/** Its first check is made at once; before it has passed, no account is offered there. */
export async function createServer(
  deps: Deps,
  actor: Actor,
  engine: DatabaseEngine,
  facts: ServerFacts,
  credential: Exclude<Credential, { kind: 'keep' }>,
): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return namedOnce(facts.name, async () => {
    const id = await deps.db.transaction().execute(async tx => {
      const added = await tx
        .insertInto('database_servers')
        .values({ engine, ...columnsOf(facts), created_at: nowInstant(deps.clock) })
        .returning('id')
        .executeTakeFirstOrThrow()
      await keepCredential(tx, deps, added.id, credential)
      await askForCheck(tx, deps, added.id, null)
      const detail = { engine, ...recorded(columnsOf(facts)), password: credentialWords(credential) }
      await record(tx, deps.clock, actor, 'database-server created', serverSubject(added.id), detail)
      return added.id
    })
    deps.wake()
    return ok(id)
  })
}

export interface ChangedServer {
  name: string
  /** Open accounts whose server answers at another address, or under another name, from now on. */
  moved: number
}

/** Holds at once, for whatever is done on the server next. A password that was stored before is forgotten. */
export async function changeServer(
  deps: Deps,
  actor: Actor,
  id: number,
  version: number,
  facts: ServerFacts,
  credential: Credential,
): Promise<Result<ChangedServer>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await namedOnce(facts.name, () =>
    deps.db.transaction().execute(async (tx): Promise<Result<ChangedServer>> => {
      const server = await findServer(tx, id)
      if (!server) return notFound()
      const changes = {
        ...changesOf<object>(server, columnsOf(facts)),
        ...passwordChange(server, credential),
      }
      if (Object.keys(changes).length === 0) return ok({ name: facts.name, moved: 0 })
      if (server.version !== version || !(await store(tx, server, facts))) return conflict(changedMeanwhile)
      if (credential.kind !== 'keep') await keepCredential(tx, deps, id, credential)
      await record(tx, deps.clock, actor, 'database-server changed', serverSubject(id), recorded(changes))
      return ok({ name: facts.name, moved: await checkAnew(tx, deps, actor, server, changes) })
    }),
  )
  deps.wake()
  return result
}

const changedMeanwhile =
  'Another operator has changed this database server meanwhile. What you typed is kept; open the server in another window to see what is stored, then save again to put yours in its place.'

async function namedOnce<T>(name: string, act: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await act()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return invalid({ name: `There is a database server called ${name} already. Choose another name.` })
  }
}

/** What another address makes uncertain. */
const addressFields = ['host', 'port', 'standby_host', 'standby_port'] as const

/** What owners are shown to verify the server by depends on these. */
const certificateFields = [...addressFields, 'ca', 'pin', 'standby_pin'] as const

async function store(tx: Tx, server: DatabaseServer, facts: ServerFacts): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ ...columnsOf(facts), version: server.version + 1 })
    .where('id', '=', server.id)
    .where('version', '=', server.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Where accounts are open, another server at the new address is noticed by what it says of itself; where none is, the
 * new one may be any. Of a server that was suspended for that, the operator says with this what it is now. Gives how
 * many are open, if anything that concerns them was changed.
 */
async function checkAnew(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  server: DatabaseServer,
  changes: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { total } = await openAccounts(tx, { serverId: server.id }, 0)
  const readdressed = addressFields.some(field => field in changes)
  if (readdressed && total === 0)
    await tx
      .updateTable('database_servers')
      .set({ identity: null, suspended_at: null, suspended_why: '' })
      .where('id', '=', server.id)
      .execute()
  if (server.status === 'ACTIVE' && Object.keys(changes).some(field => field !== 'name'))
    await askForCheck(tx, deps, server.id, server.suspended_at === null ? null : actor.id)
  if (server.status === 'ACTIVE' && total > 0 && certificateFields.some(field => field in changes))
    await askForCertificates(tx, deps, server.id)
  return readdressed || 'name' in changes ? total : 0
}

/** In the transaction of its record; what was kept before goes. */
async function keepCredential(
  tx: Tx,
  deps: Deps,
  id: number,
  credential: Exclude<Credential, { kind: 'keep' }>,
): Promise<void> {
  const binding = serverBinding(id)
  const stored =
    credential.kind === 'password'
      ? {
          credential: null,
          credential_secret_id: await deps.vault.store(tx, binding, credential.password),
        }
      : { credential: credential.reference, credential_secret_id: null }
  await tx.updateTable('database_servers').set(stored).where('id', '=', id).execute()
  await deps.vault.forget(tx, binding, stored.credential_secret_id ? [stored.credential_secret_id] : [])
}

const columnsOf = ({ options, ...facts }: ServerFacts) => ({ ...facts, options: JSON.stringify(options) })

/** For the trail: whose the passwords are is told, never which. */
function passwordChange(
  server: DatabaseServer,
  credential: Credential,
): { password?: [before: string, after: string] } {
  if (credential.kind === 'keep') return {}
  if (credential.kind === 'reference' && credential.reference === server.credential) return {}
  return { password: [server.credential ?? 'stored in the vault', credentialWords(credential)] }
}

const credentialWords = (credential: Exclude<Credential, { kind: 'keep' }>) =>
  credential.kind === 'reference' ? credential.reference : 'a new one, stored in the vault'

/** Certificates are long and are known by whose they are: that they changed is enough. */
const recorded = (detail: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, name === 'ca' ? short(value) : value]),
  )

const short = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(short)
    : typeof value === 'string'
      ? `${value.split('-----BEGIN').length - 1} certificates`
      : value
