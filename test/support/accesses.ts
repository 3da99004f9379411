import type { NewRow, Row } from '../../db/schema.ts'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Deps } from '../../src/deps.ts'
import type { World } from './world.ts'

type NewAccess = NewRow<'accesses'>
type Needed = Pick<Deps, 'db' | 'clock'>

/** An access as it stands in the table: Self-Service Portal of USER02 on 10000-DEV, undecided unless told otherwise. */
export async function addAccess(deps: Needed, over: Partial<NewAccess> = {}): Promise<number> {
  const now = nowInstant(deps.clock)
  const asset = over.asset_id ?? '10000-DEV'
  const person = over.person_id ?? 'USER02'
  const added = await deps.db
    .insertInto('accesses')
    .values({
      person_id: person,
      asset_id: asset,
      customer_id: asset.slice(0, 5),
      access_type: 'self-service-portal',
      status: 'PROCESSING',
      justification: 'Month end',
      requested_by: person,
      created_at: now,
      ...over,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return added.id
}

/** Approved and waiting for the background work, as the decision leaves it. */
export const approved = (deps: Needed, over: Partial<NewAccess> = {}) =>
  addAccess(deps, {
    decision: 'APPROVED',
    decided_by: 'MANAGER01',
    decided_at: nowInstant(deps.clock),
    pending_status: 'PROVISIONING',
    ...over,
  })

/** APPROVED since now. */
export const granted = (deps: Needed, over: Partial<NewAccess> = {}) =>
  approved(deps, { status: 'APPROVED', pending_status: null, granted_at: nowInstant(deps.clock), ...over })

export interface NewType {
  id?: string
  grant: object
  removal: object
}

export interface RunbookType {
  id: string
  /** Versions of the two runbooks. */
  grantVersion: number
  removalVersion: number
  grantRunbook: number
  removalRunbook: number
}

/** An operator-defined access type with runbooks of its own. */
export async function addRunbookType(
  deps: Needed,
  { id = 'sftp', grant, removal }: NewType,
): Promise<RunbookType> {
  const granting = await addRunbook(deps, `${id}: grant`, grant)
  const removing = await addRunbook(deps, `${id}: removal`, removal)
  await deps.db
    .insertInto('access_types')
    .values({
      id,
      name: id.toUpperCase(),
      description: `${id} account`,
      kind: 'runbook',
      scope: 'asset',
      grant_runbook_id: granting.runbook,
      removal_runbook_id: removing.runbook,
      sort: 100,
      created_at: nowInstant(deps.clock),
    })
    .execute()
  return {
    id,
    grantVersion: granting.version,
    removalVersion: removing.version,
    grantRunbook: granting.runbook,
    removalRunbook: removing.runbook,
  }
}

async function addRunbook(deps: Needed, name: string, definition: object) {
  const { id } = await deps.db
    .insertInto('runbooks')
    .values({ name, created_at: nowInstant(deps.clock) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { runbook: id, version: await addRunbookVersion(deps, id, 1, definition) }
}

export async function addRunbookVersion(
  deps: Needed,
  runbook_id: number,
  version: number,
  definition: object,
): Promise<number> {
  const added = await deps.db
    .insertInto('runbook_versions')
    .values({
      runbook_id,
      version,
      definition: JSON.stringify(runbookDefinition.parse(definition)),
      created_by: null,
      created_at: nowInstant(deps.clock),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return added.id
}

export const accessNow = (world: World, id: number): Promise<Row<'accesses'>> =>
  world.deps.db.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** "APPROVED", or with its Pending Status "PROCESSING, PROVISIONING". */
export async function accessState(world: World, id: number): Promise<string> {
  const { status, pending_status } = await accessNow(world, id)
  return pending_status === null ? status : `${status}, ${pending_status}`
}

/** Verbs of the audit trail about an access, oldest first. */
export const accessTrail = async (world: World, id: number): Promise<string[]> =>
  (
    await world.deps.db
      .selectFrom('audit_events')
      .select('verb')
      .where('subject_type', '=', 'access')
      .where('subject_id', '=', String(id))
      .orderBy('id')
      .execute()
  ).map(row => row.verb.replace('access ', ''))

/** "1 grant succeeded" for each run of an access, oldest first. */
export const accessRuns = async (world: World, id: number): Promise<string[]> =>
  (
    await world.deps.db
      .selectFrom('runs')
      .select(['attempt', 'purpose', 'state'])
      .where('access_id', '=', id)
      .orderBy('attempt')
      .execute()
  ).map(run => `${run.attempt} ${run.purpose} ${run.state}`)

/** "access-granted to USER02" for each mail about an access, oldest first. */
export const accessMails = async (world: World, id: number): Promise<string[]> =>
  (await world.mails())
    .filter(mail => mail.subject_type === 'access' && mail.subject_id === String(id))
    .map(mail => `${mail.template} to ${mail.to_person}`)
