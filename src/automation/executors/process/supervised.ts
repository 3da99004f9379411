import type { Instant, Row } from '../../../../db/schema.ts'
import { after, nowInstant, seconds } from '../../../clock.ts'
import type { DbOrTx, Tx } from '../../../deps.ts'
import { bootId, isRunning, type ProcessStat } from '../../../proc.ts'
import { groupMembers, type ProgramGroup } from '../../programs/group.ts'
import type { Outlook } from '../executor.ts'

type Record = Row<'supervised_processes'>

/** A supervised program as it is now, whatever was written down about it. */
export interface Supervised {
  name: string
  /** As last written down; undefined when it was never started here. */
  record: Record | undefined
  /** Of the program that was started last; pid 0 when that was before the machine was started. */
  group: ProgramGroup
  running: boolean
  /** What is left of it although the program itself has ended. */
  leftovers: ProcessStat[]
}

/**
 * NAME=value in the environment of the program and all it starts: of this start and no other, so that what an earlier
 * one has left is never taken for what another worker is just starting. The folder tells portals on one machine apart.
 */
export const markOf = ({ deps }: Outlook, name: string, startedAt: Instant): string =>
  `GATEHOUSE_PROCESS=${deps.config.DATA_DIR}:${name}:${startedAt}`

export async function lookAt(at: Outlook, name: string): Promise<Supervised> {
  const record = await recordOf(at.db, name, at.host)
  // Before the machine was started anew nothing was left running.
  const pid = record?.boot_id === bootId() ? (record.pid ?? 0) : 0
  const mark = record ? markOf(at, name, record.started_at) : ''
  const group = { pid, start: record?.proc_start ?? '', mark }
  const running = pid > 0 && isRunning(group)
  return { name, record, group, running, leftovers: running || !record ? [] : groupMembers(group) }
}

const recordOf = (db: DbOrTx, name: string, host: string): Promise<Record | undefined> =>
  db
    .selectFrom('supervised_processes')
    .selectAll()
    .where('name', '=', name)
    .where('host', '=', host)
    .executeTakeFirst()

/** Another machine on which the program was started and the portal is at work; only there it can be looked after. */
export async function hostElsewhere(at: Outlook, name: string): Promise<string | undefined> {
  const alive = after(nowInstant(at.deps.clock), -3 * seconds(at.deps.config.LEASE_SECONDS))
  const record = await at.db
    .selectFrom('supervised_processes')
    .innerJoin('workers', 'workers.host', 'supervised_processes.host')
    .select('supervised_processes.host')
    .where('name', '=', name)
    .where('supervised_processes.host', '<>', at.host)
    .where('state', '<>', 'stopped')
    .where('stopped_at', 'is', null)
    .where('seen_at', '>=', alive)
    .limit(1)
    .executeTakeFirst()
  return record?.host
}

/** Writes down what is about to run, before it does. False when another start came first: one of a name at a time. */
export async function claimStart(
  tx: Tx,
  host: string,
  { name, record }: Supervised,
  started: { pid: number; start: string; at: Instant },
): Promise<boolean> {
  const row = {
    boot_id: bootId(),
    pid: started.pid,
    proc_start: started.start,
    state: 'starting' as const,
    started_at: started.at,
  }
  if (!record) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('supervised_processes')
      .values({ name, host, ...row })
      .onConflict(conflict => conflict.columns(['name', 'host']).doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('supervised_processes')
    .set(row)
    .where('name', '=', name)
    .where('host', '=', host)
    .where('started_at', '=', record.started_at)
    .where('proc_start', record.proc_start === null ? 'is' : '=', record.proc_start)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Only if it is still the program that we mean. */
export async function setState(
  tx: Tx,
  host: string,
  name: string,
  start: string,
  state: Record['state'],
): Promise<void> {
  await tx
    .updateTable('supervised_processes')
    .set({ state, ...(state === 'stopped' ? { pid: null } : {}) })
    .where('name', '=', name)
    .where('host', '=', host)
    .where('proc_start', '=', start)
    .execute()
}

export type ProcessState =
  | { state: 'running'; host: string; pid: number; since: Instant }
  | { state: 'stopped'; host: string }
  /** Started on another machine, which this one can't look into. */
  | { state: 'elsewhere'; host: string }
  /** Never started by the portal. */
  | { state: 'unknown' }

/** Whether a supervised program runs: looked up now, not remembered. */
export async function processState(
  deps: Outlook['deps'] & { db: DbOrTx },
  name: string,
): Promise<ProcessState> {
  const records = await deps.db
    .selectFrom('supervised_processes')
    .selectAll()
    .where('name', '=', name)
    .execute()
  const here = records.find(({ host }) => host === deps.config.WORKER_HOST)
  const there = records.find(({ state, host }) => state !== 'stopped' && host !== deps.config.WORKER_HOST)
  if (here?.pid && here.boot_id === bootId() && isRunning({ pid: here.pid, start: here.proc_start ?? '' }))
    return { state: 'running', host: here.host, pid: here.pid, since: here.started_at }
  if (there) return { state: 'elsewhere', host: there.host }
  return here ? { state: 'stopped', host: here.host } : { state: 'unknown' }
}
