import type { Updateable } from 'kysely'
import { z } from 'zod'
import type { Database } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import { after, minutes, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler } from '../jobs/handler.ts'
import { type Account, type Provisioner, ProvisionerError } from '../provisioners/provisioner.ts'
import { type Finding, findFinding } from './drift-queries.ts'
import { findServer, openServer } from './servers.ts'

const payloadOf = z.object({ findingId: z.number().int() })

/** What carries no mark gets this one first, by an operator's word: only what is ours is ever locked or dropped. */
const takenOver = 0

/** The job of a finding: disables or drops an account that nobody owns. Tried again until it is done. */
export const settleDrift: JobHandler = async (deps, { payload, lease }) => {
  const { findingId } = payloadOf.parse(payload)
  const finding = await findFinding(deps.db, findingId)
  if (!finding || finding.settled_at !== null || (finding.act !== 'disable' && finding.act !== 'drop'))
    return { kind: 'done' }
  const failure = await perform(deps, finding, finding.act)
  const again = await deps.db.transaction().execute(async tx => {
    const noted = await (failure === null ? settled(tx, deps, finding) : failed(tx, finding, failure))
    await lease.guard(tx)
    // Something else was asked for meanwhile.
    if (!noted) return nowInstant(deps.clock)
    return failure === null ? null : after(deps.clock.now(), minutes(5))
  })
  return again === null ? { kind: 'done' } : { kind: 'again', at: again }
}

async function perform(deps: Deps, finding: Finding, act: 'disable' | 'drop'): Promise<string | null> {
  const server = await findServer(deps.db, finding.server_id)
  if (!server) throw new Error(`There is no database server ${finding.server_id}.`)
  let provisioner: Provisioner | undefined
  try {
    provisioner = await openServer(deps, server)
    const account = await accountOf(deps, finding)
    const owner = await provisioner.whoHas(finding.name)
    if (owner === 'free') return null
    if (await isInPortal(deps, finding, owner.mark)) return 'An access has it by now: it is nobody’s no more.'
    if (owner.mark === null) await provisioner.adopt(finding.name, takenOver)
    const own = { ...account, mark: owner.mark ?? takenOver, target: owner.target ?? 'primary' }
    await (act === 'drop' ? provisioner.dropAccount(own) : provisioner.lockAccount(own))
    return null
  } catch (error) {
    if (error instanceof ProvisionerError) return error.message
    throw error
  } finally {
    await provisioner?.close()
  }
}

/** What was found may have been put right since; or the server is entered twice, and it is the other entry's. */
const isInPortal = async ({ db }: Deps, { name }: Finding, mark: number | null): Promise<boolean> =>
  mark !== null &&
  (await db
    .selectFrom('database_accounts')
    .select('id')
    .where('name', '=', name)
    .where('mark', '=', mark)
    .where('gone_at', 'is', null)
    .executeTakeFirst()) !== undefined

/** As far as anybody knows: what it owns goes to the group of the first asset on the server. */
async function accountOf(deps: Deps, finding: Finding): Promise<Account> {
  const first = await deps.db
    .selectFrom('asset_databases')
    .selectAll()
    .where('server_id', '=', finding.server_id)
    .orderBy('asset_id')
    .executeTakeFirst()
  return {
    name: finding.name,
    mark: finding.mark ?? takenOver,
    database: first?.database_name ?? 'postgres',
    group: first?.group_name ?? 'nobody',
    owners: [],
    readOnly: false,
    target: 'primary',
    validUntil: null,
  }
}

/** A disabled one is still nobody's: it stays in the report, where it can be dropped or adopted. */
async function settled(tx: Tx, deps: Deps, finding: Finding): Promise<boolean> {
  const now = nowInstant(deps.clock)
  const done =
    finding.act === 'drop'
      ? { settled_at: now, settled_by: finding.act_by, settled_how: 'It was dropped.' }
      : { detail: 'No access has this account. An operator has disabled it: it can’t sign in.' }
  if (!(await changeFinding(tx, finding, { ...done, act: null, act_error: null }))) return false
  const actor = { id: finding.act_by, role: 'OPERATOR' } as const
  const subject = { type: 'database-server', id: finding.server_id } as const
  const verb = finding.act === 'drop' ? 'database server account dropped' : 'database server account disabled'
  await record(tx, deps.clock, actor, verb, subject, { account: finding.name })
  return true
}

const failed = (tx: Tx, finding: Finding, act_error: string) => changeFinding(tx, finding, { act_error })

/** If the same is still asked for. */
async function changeFinding(
  tx: Tx,
  { id, act }: Finding,
  changes: Updateable<Database['drift_findings']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('drift_findings')
    .set(changes)
    .where('id', '=', id)
    .where('act', '=', act)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
