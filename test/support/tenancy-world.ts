import type { AccessStatus, Role } from '../../db/schema.ts'
import type { CastPersonId } from '../../db/seeds/cast.ts'
import { newLink } from '../../src/auth/links.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Engine } from '../../src/deps.ts'
import { requestAccess } from './access-requests.ts'
import { addAccess, addRunbookType } from './accesses.ts'
import { begin } from './campaigns.ts'
import { addAccountWithPassword, addAssetDatabase, addDatabaseServer } from './database-servers.ts'
import { addRequests, requestRow } from './requests.ts'
import { offerAction } from './runbooks.ts'
import { workOff } from './work-off.ts'
import { createWorld, type World } from './world.ts'

/** Something with an address, and whose it is. */
export interface Target {
  name: string
  /** Of the address: `:person`, `:id` … */
  params: Readonly<Record<string, string>>
  /** The person it belongs to, where it belongs to one. */
  owner: string | null
  /** Of whose customers it is. */
  customers: readonly string[]
  /** Numbers of it that forms name. */
  access?: number
  part?: number
}

export type Kind =
  | 'person'
  | 'asset'
  | 'access'
  | 'access under another person'
  | 'access run'
  | 'database account'
  | 'database account under another person'
  | 'service request'
  | 'service request that has run'
  | 'decision link'
  | 'mailed link'
  | 'notice'
  | 'campaign'
  | 'part of a re-validation'
  | 'customer'
  | 'action'
  | 'runbook'
  | 'access type'
  | 'database server'
  | 'drift finding'
  | 'mail'
  | 'job'

export interface TenancyWorld extends World {
  targets: Readonly<Record<Kind, readonly Target[]>>
}

/** In every text of 20000. */
export const orchid = 'Orchid'
/** In every text of 10000. */
export const violet = 'Violet'

const customers = ['10000', '20000'] as const
type Customer = (typeof customers)[number]
const wordOf = (customer: Customer) => (customer === '10000' ? violet : orchid)

/** Has both customers in the list. */
export const shared = 'SHARED01'

/** Two customers with everything that belongs to one, in every status. */
export async function createTenancyWorld(engine: Engine): Promise<TenancyWorld> {
  const world = await createWorld(engine)
  await addAssets(world)
  await addShared(world)
  await listForOperator(world)
  await addRunbookType(world.deps, { id: 'sftp', grant: quick, removal: quick })
  for (const customer of customers) await offerAction(world.deps, { asset: `${customer}-DEV` })
  const accesses = await addAccesses(world)
  const server = await databaseServer(world)
  const accounts = await databaseAccounts(world, Number(server.params.id))
  const requests = await addServiceRequests(world)
  const targets = {
    person: await persons(world),
    asset: await assets(world),
    access: accesses.map(one => accessTarget(one)),
    'access under another person': accesses.map(one =>
      accessTarget(one, one.person === 'USER01' ? 'USER02' : 'USER01'),
    ),
    'database account': accounts.map(one => accessTarget(one)),
    'database account under another person': accounts.map(one =>
      accessTarget(one, one.person === 'USER01' ? 'USER02' : 'USER01'),
    ),
    'access run': await accessRuns(world, accesses),
    'service request': requests,
    'service request that has run': await requestRuns(world, requests),
    'decision link': await decisionLinks(world, accesses),
    'mailed link': await mailedLinks(world),
    notice: await notices(world),
    campaign: await campaigns(world),
    'part of a re-validation': await parts(world),
    customer: customers.map(id => target(`customer ${id}`, { id }, null, [id])),
    action: [target('an action', { id: 'restart-application' })],
    runbook: await numbered(world, 'runbooks'),
    'access type': [target('an access type', { id: 'sftp' })],
    'database server': [server],
    'drift finding': [await driftFinding(world, Number(server.params.id))],
    mail: await numbered(world, 'mails'),
    job: await numbered(world, 'jobs'),
  }
  return { ...world, targets }
}

async function databaseServer({ deps }: World): Promise<Target> {
  const id = await addDatabaseServer(deps)
  await addAssetDatabase(deps, id, '10000-DEV')
  return target('a database server', { id: String(id) })
}

async function driftFinding({ deps, clock }: World, server_id: number): Promise<Target> {
  const now = clock.instant()
  const { id } = await deps.db
    .insertInto('drift_findings')
    .values({ server_id, kind: 'ORPHAN', name: 'dbsrv_nobodys', found_at: now, seen_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return target('a drift finding', { id: String(id) })
}

/** In use, each with a password and a certificate of which nobody else sees anything. */
async function databaseAccounts({ deps }: World, serverId: number): Promise<AddedAccess[]> {
  const added: AddedAccess[] = []
  for (const [i, [person, customer]] of holders.entries()) {
    const word = wordOf(customer)
    const { accessId: id } = await addAccountWithPassword(
      deps,
      {
        serverId,
        name: `dbsrv_holder${i}`,
        access: {
          person_id: person,
          asset_id: `${customer}-TST`,
          justification: `${word} of ${person}`,
          decided_by: null,
        },
        account: { certificate: `${word} certificate` },
      },
      `${word}_Password_1234`,
    )
    added.push({ id, person, customer, words: 'database account' })
  }
  return added
}

const quick = { steps: [{ name: 'Answer', executor: 'command', argv: ['/bin/echo', 'done'] }] }

const target = (
  name: string,
  params: Target['params'],
  owner: string | null = null,
  of: readonly string[] = customers,
): Target => ({ name, params, owner, customers: of })

async function addAssets({ deps }: World) {
  const like = await deps.db
    .selectFrom('assets')
    .selectAll()
    .where('id', '=', '20000-DEV')
    .executeTakeFirstOrThrow()
  for (const id of ['20000-TST', '20000-PRD'])
    await deps.db
      .insertInto('assets')
      .values({ ...like, id, description: `${orchid} environment`, search_text: id.toLowerCase() })
      .execute()
}

async function addShared({ deps }: World) {
  const like = await deps.db
    .selectFrom('persons')
    .selectAll()
    .where('id', '=', 'USER01')
    .executeTakeFirstOrThrow()
  const login = 'shared01@example.com'
  const names = { first_name: 'Shared', last_name: '01', display_name: 'Shared 01', search_text: login }
  await deps.db
    .insertInto('persons')
    .values({ ...like, ...names, id: shared, login_id: login, login_key: login, primary_email: login })
    .execute()
  const created_at = nowInstant(deps.clock)
  await deps.db
    .insertInto('customer_access')
    .values(customers.map(customer_id => ({ person_id: shared, customer_id, created_at })))
    .execute()
}

/** Whatever stands in the table: operators are no persons to customers. */
async function listForOperator({ deps }: World) {
  const created_at = nowInstant(deps.clock)
  await deps.db
    .insertInto('customer_access')
    .values(customers.map(customer_id => ({ person_id: 'OPERATOR01', customer_id, created_at })))
    .execute()
}

interface AddedAccess {
  id: number
  person: string
  customer: Customer
  words: string
}

const holders: readonly (readonly [string, Customer])[] = [
  ['USER01', '10000'],
  ['USER02', '10000'],
  ['MANAGER01', '10000'],
  ['USER03', '20000'],
  [shared, '10000'],
  [shared, '20000'],
]

type Columns = Parameters<typeof addAccess>[1]

/** One of each, none of them a Self-Service Portal access that would open anything. */
const statuses: readonly (readonly [AccessStatus, string, string, Columns])[] = [
  ['APPROVED', 'DEV', 'client-communications-center', {}],
  ['SUSPENDED', 'TST', 'self-service-portal', {}],
  ['PENDING REMOVAL', 'PRD', 'self-service-portal', { pending_status: 'FAILED: not yet' }],
  ['PROCESSING', 'TST', 'sftp', { decision: 'APPROVED', pending_status: 'FAILED: no room' }],
  ['REJECTED', 'PRD', 'sftp', { decision: 'REJECTED' }],
  ['REMOVED', 'PRD', 'sftp', {}],
]

async function addAccesses(world: World): Promise<AddedAccess[]> {
  const added: AddedAccess[] = []
  for (const [person, customer] of holders) {
    const justification = `${wordOf(customer)} of ${person}`
    const over = { person_id: person, justification }
    const waiting = { ...over, asset_id: `${customer}-TST`, access_type: 'client-communications-center' }
    added.push({ id: await requestAccess(world, waiting), person, customer, words: 'undecided' })
    for (const [status, place, access_type, columns] of statuses) {
      const decided = columns?.decision ? { decided_at: nowInstant(world.deps.clock) } : {}
      const granted_at = status === 'APPROVED' || status === 'SUSPENDED' ? world.clock.instant() : null
      const more = { ...over, ...columns, ...decided, status, access_type, granted_at }
      const id = await addAccess(world.deps, { ...more, asset_id: `${customer}-${place}` })
      added.push({ id, person, customer, words: status })
    }
  }
  return added
}

const accessTarget = ({ id, person, customer, words }: AddedAccess, under = person): Target => ({
  ...target(`${words} of ${person} at ${customer} under ${under}`, { person: under, id: String(id) }),
  owner: person,
  customers: [customer],
  access: id,
})

const reporters: readonly (readonly [CastPersonId, Customer])[] = [
  ['USER01', '10000'],
  ['USER02', '10000'],
  ['MANAGER01', '10000'],
  ['USER03', '20000'],
  // Kept as the portal keeps them: operators are no persons to customers.
  ['OPERATOR01', '10000'],
]

async function addServiceRequests({ deps, clock }: World): Promise<Target[]> {
  const found: Target[] = []
  const version = await anyVersion(deps)
  for (const [person, customer] of reporters)
    for (const status of ['NEW', 'QUEUED', 'UNKNOWN', 'RESOLVED'] as const) {
      const mine = person === 'OPERATOR01' ? { reported_by_name: 'operator', reporter_key: 'operator' } : {}
      const queued = {
        queued_at: clock.instant(),
        due_at: clock.instant(),
        runbook_version_id: version,
      }
      const row = requestRow({
        asset_id: `${customer}-DEV`,
        reported_by: person,
        summary: `${wordOf(customer)} request`,
        mode: 'read-only',
        status,
        ...(status !== 'NEW' && queued),
        ...mine,
      })
      const [id = 0] = await addRequests(deps.db, [row])
      await deps.db
        .insertInto('work_log')
        .values({
          request_id: id,
          created_by: person,
          created_by_name: mine.reported_by_name ?? person,
          created_at: clock.instant(),
          summary: `${wordOf(customer)} note`,
        })
        .execute()
      found.push(target(`${status} of ${person}`, { id: String(id) }, person, [customer]))
    }
  return found
}

const anyVersion = async ({ db }: World['deps']) =>
  (await db.selectFrom('runbook_versions').select('id').orderBy('id').limit(1).executeTakeFirstOrThrow()).id

const runFacts = ({ clock }: World) => ({
  attempt: 1,
  state: 'failed' as const,
  worker_id: 'nobody',
  host: 'nowhere',
  fence: 1,
  started_at: clock.instant(),
  finished_at: clock.instant(),
})

async function requestRuns(world: World, requests: readonly Target[]): Promise<Target[]> {
  const ran = requests.filter(({ name }) => /^(UNKNOWN|RESOLVED)/.test(name))
  for (const { params } of ran)
    await world.deps.db
      .insertInto('runs')
      .values({ ...runFacts(world), request_id: Number(params.id), access_id: null, purpose: null })
      .execute()
  return ran
}

async function accessRuns(world: World, accesses: readonly AddedAccess[]): Promise<Target[]> {
  const { db } = world.deps
  const runbook_version_id = await anyVersion(world.deps)
  const ran = accesses.filter(({ words }) => words === 'PENDING REMOVAL')
  for (const { id } of ran)
    await db
      .insertInto('runs')
      .values({
        ...runFacts(world),
        request_id: null,
        access_id: id,
        purpose: 'removal',
        runbook_version_id,
      })
      .execute()
  return ran.map(one => ({
    ...accessTarget(one),
    params: { id: String(one.id), attempt: '1' },
  }))
}

const personOf = (id: string, role: Role, of: readonly string[]): Target =>
  target(id, { person: id, id }, id, role === 'OPERATOR' ? [] : of)

async function persons({ deps }: World): Promise<Target[]> {
  const rows = await deps.db.selectFrom('persons').select(['id', 'role']).orderBy('id').execute()
  const lists = await deps.db.selectFrom('customer_access').selectAll().execute()
  return rows.map(({ id, role }) =>
    personOf(
      id,
      role,
      lists.filter(row => row.person_id === id).map(row => row.customer_id),
    ),
  )
}

async function assets({ deps }: World): Promise<Target[]> {
  const rows = await deps.db.selectFrom('assets').select(['id', 'customer_id']).execute()
  return rows.map(({ id, customer_id }) => target(id, { id }, null, [customer_id]))
}

/** Each is bound to the manager it was mailed to. */
async function decisionLinks(world: World, accesses: readonly AddedAccess[]): Promise<Target[]> {
  const mails = (await world.mails()).filter(mail => mail.link?.includes('/decision/'))
  return mails.flatMap(mail => {
    const about = accesses.find(one => String(one.id) === mail.subject_id)
    const token = mail.link?.split('/').at(-1)
    if (!about || !token || !mail.to_person) return []
    const name = `of ${mail.to_person} about ${about.words} of ${about.person} at ${about.customer}`
    return [{ ...target(name, { token }, mail.to_person, []), access: about.id }]
  })
}

async function mailedLinks({ deps }: World): Promise<Target[]> {
  const found: Target[] = []
  for (const person of ['USER02', 'USER03']) {
    const link = await deps.db.transaction().execute(tx => newLink(tx, deps, person, 'reset'))
    found.push(target(`of ${person}`, { token: link.split('/').at(-1) ?? '' }, person, []))
  }
  return found
}

async function notices({ deps, clock }: World): Promise<Target[]> {
  const found: Target[] = []
  for (const customer_id of [null, ...customers]) {
    const words = customer_id ? wordOf(customer_id) : 'Everybody'
    const row = await deps.db
      .insertInto('notices')
      .values({
        subject: `${words} notice`,
        message: `${words} message`,
        customer_id,
        posted_at: clock.instant(),
        posted_by: 'OPERATOR01',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const of = customer_id ? [customer_id] : customers
    found.push(target(`for ${customer_id ?? 'everyone'}`, { id: String(row.id) }, null, of))
  }
  return found
}

async function campaigns(world: World): Promise<Target[]> {
  const found: Target[] = []
  for (const customerId of [null, ...customers]) {
    const name = `${customerId ? wordOf(customerId) : 'Whole'} re-validation`
    const id = await begin(world, { name, customerId })
    found.push(target(name, { id: String(id) }, null, customerId ? [customerId] : customers))
  }
  await workOff(world)
  return found
}

/** What persons have to re-validate. */
async function parts({ deps }: World): Promise<Target[]> {
  const rows = await deps.db.selectFrom('campaign_parts').selectAll().orderBy('id').execute()
  return rows.map(part => ({
    ...target(`part of ${part.person_id} at ${part.customer_id}`, { person: part.person_id }),
    owner: part.person_id,
    customers: [part.customer_id],
    part: part.id,
  }))
}

async function numbered({ deps }: World, table: 'runbooks' | 'mails' | 'jobs'): Promise<Target[]> {
  const rows = await deps.db.selectFrom(table).select('id').orderBy('id').limit(2).execute()
  return rows.map(({ id }) => target(`${table} ${id}`, { id: String(id) }))
}
