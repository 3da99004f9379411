import { z } from 'zod'
import type { Instant, Row } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { executeRun, finishRun, latestRunOfAccess, recoverRun } from '../automation/runs.ts'
import { after, minutes } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler, JobOutcome } from '../jobs/handler.ts'
import type { Lease } from '../jobs/lease.ts'
import { type Failure, noteFailure } from './access-failure.ts'
import { type AccessRun, beginRun, takeUpRun } from './access-run.ts'
import { type AccessTask, accessTasks, hasFailed, longestDelay, taskOf } from './access-tasks.ts'
import { type AccessType, findAccessType } from './access-types.ts'
import { type Access, accessTopic, changeAccess } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { finishGrant, inTheWayOf } from './grant-access.ts'
import { lockAccess } from './lock-access.ts'
import { finishTakingAway, isGoneAlready } from './take-away-access.ts'

const payloadOf = z.object({ accessId: z.number().int() })

type Step =
  | { kind: 'nothing' }
  | { kind: 'later'; at: Instant }
  /** Something was brought to its end; there may be more. */
  | { kind: 'moved' }
  | { kind: 'run'; run: AccessRun }

/**
 * The job of an access: does what its Status and Pending Status call for until they call for nothing. It may be
 * killed anywhere; whoever comes next finds what was begun, and what has become of the access meanwhile.
 */
export const workOnAccess: JobHandler = async (deps, { payload, lease }): Promise<JobOutcome> => {
  const { accessId } = payloadOf.parse(payload)
  for (;;) {
    const step = await begin(deps, lease, accessId)
    if (step.kind === 'nothing') return { kind: 'done' }
    if (step.kind === 'later') return { kind: 'again', at: step.at }
    const end = step.kind === 'run' ? await perform(deps, lease, accessId, step.run) : null
    if (end) return end
  }
}

async function begin(deps: Deps, lease: Lease, accessId: number): Promise<Step> {
  const step = await deps.db.transaction().execute(async tx => {
    const next = await beginWithin(tx, deps, lease, accessId)
    await lease.guard(tx)
    return next
  })
  if (step.kind === 'moved' || step.kind === 'run') tell(deps, accessId)
  if (step.kind === 'run') await deps.checkpoint?.('run created')
  return step
}

async function beginWithin(tx: Tx, deps: Deps, lease: Lease, accessId: number): Promise<Step> {
  const access = await lockAccess(tx, deps, accessId)
  if (!access) return { kind: 'nothing' }
  const last = await latestRunOfAccess(tx, accessId)
  if (last?.state === 'running') return { kind: 'run', run: await takeUpRun(tx, last) }
  const task = taskOf(access, last?.purpose)
  if (task === null) return { kind: 'nothing' }
  if (waitsForOperators(access, task, last))
    return { kind: 'later', at: after(deps.clock.now(), longestDelay) }
  return beginTask(tx, deps, lease, access, task)
}

/** A grant of which nobody knows how far it came: Retry is theirs. */
const waitsForOperators = (access: Access, task: AccessTask, last: Row<'runs'> | undefined): boolean =>
  hasFailed(access) && last?.state === 'unknown' && accessTasks[task].purpose === 'grant'

async function beginTask(tx: Tx, deps: Deps, lease: Lease, access: Access, task: AccessTask): Promise<Step> {
  const type = await typeOf(tx, access)
  if (task === 'grant' || task === 'resume') {
    const obstacle = await inTheWayOf(tx, access, type, task)
    if (obstacle?.kind === 'wait') return { kind: 'later', at: after(deps.clock.now(), minutes(1)) }
    if (obstacle) {
      await endAccesses(tx, deps, systemActor, [access], obstacle.why)
      return { kind: 'moved' }
    }
  }
  if (await needsNoRun(tx, access, type, task)) {
    await settle(tx, deps, access, type, task)
    return { kind: 'moved' }
  }
  const { purpose, word } = accessTasks[task]
  if (access.pending_status !== word) await changeAccess(tx, access, { pending_status: word })
  return { kind: 'run', run: await beginRun(tx, deps, lease, access, type, purpose) }
}

async function typeOf(tx: Tx, access: Access): Promise<AccessType> {
  const type = await findAccessType(tx, access.access_type)
  if (!type) throw new Error(`There is no access type ${access.access_type}.`)
  return type
}

const needsNoRun = async (tx: Tx, access: Access, type: AccessType, task: AccessTask): Promise<boolean> =>
  accessTasks[task].purpose === 'grant' ? type.kind !== 'runbook' : isGoneAlready(tx, access, type)

const settle = (tx: Tx, deps: Deps, access: Access, type: AccessType, task: AccessTask): Promise<void> =>
  task === 'grant' || task === 'resume'
    ? finishGrant(tx, deps, access, type, task)
    : finishTakingAway(tx, deps, access, task)

/** Runs, and writes down how it ended. Null: look again at what is called for. */
async function perform(
  deps: Deps,
  lease: Lease,
  accessId: number,
  run: AccessRun,
): Promise<JobOutcome | null> {
  const hooks = { onStep: async () => {} }
  const outcome = run.resumed
    ? await recoverRun(deps, lease, run.id, run.plan, hooks)
    : await executeRun(deps, lease, run.id, run.plan, hooks)
  if (outcome.kind === 'released' || outcome.kind === 'again') return outcome
  const again = await deps.db.transaction().execute(async tx => {
    const at = outcome.kind === 'repeat' ? null : await finish(tx, deps, accessId, run, outcome)
    await finishRun(tx, deps, lease, run.id, outcome)
    return at
  })
  tell(deps, accessId)
  return again === null ? null : { kind: 'again', at: again }
}

/**
 * What the run has done counts only if it is still called for: who was removed while they were being granted an
 * access does not get it. Gives when to try again.
 */
async function finish(
  tx: Tx,
  deps: Deps,
  accessId: number,
  run: AccessRun,
  outcome: Failure | { kind: 'succeeded' },
): Promise<Instant | null> {
  const access = await lockAccess(tx, deps, accessId)
  const task = access ? taskOf(access, run.purpose) : null
  if (!access || !task || accessTasks[task].purpose !== run.purpose) return null
  const type = await typeOf(tx, access)
  if (outcome.kind !== 'succeeded') return noteFailure(tx, deps, access, task, outcome)
  const obstacle = task === 'grant' || task === 'resume' ? await inTheWayOf(tx, access, type, task) : null
  if (obstacle?.kind === 'never') await endAccesses(tx, deps, systemActor, [access], obstacle.why)
  else await settle(tx, deps, access, type, task)
  return null
}

function tell(deps: Deps, accessId: number): void {
  deps.announce(accessTopic(accessId))
  deps.wake()
}
