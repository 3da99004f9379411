import { z } from 'zod'
import type { Instant, Row } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { executeRun, finishRun, latestRunOfAccess, recoverRun } from '../automation/runs.ts'
import { after, minutes, seconds } from '../clock.ts'
import { inTheWayOfAccount } from '../database-accounts/grant-account.ts'
import type { AccountWork } from '../database-accounts/work-on-account.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler, JobOutcome } from '../jobs/handler.ts'
import type { Lease } from '../jobs/lease.ts'
import { type Failure, noteFailure } from './access-failure.ts'
import { type AccessRun, beginRun, takeUpRun } from './access-run.ts'
import {
  type AccessTask,
  accessTasks,
  hasFailed,
  longestDelay,
  taskOf,
  waitingWords,
} from './access-tasks.ts'
import { type AccessType, isDatabaseKind } from './access-types.ts'
import { type Access, accessTopic, changeAccess } from './change-access.ts'
import { beginAccountWork, beginGivingBack, performAccountWork } from './database-access.ts'
import { endAccesses } from './end-accesses.ts'
import { finishGrant, type InTheWay, inTheWayOf } from './grant-access.ts'
import { lastPurposeOf } from './last-purpose.ts'
import { lockAccess } from './lock-access.ts'
import { finishTakingAway, isGoneAlready } from './take-away-access.ts'
import { takeOverAccount } from './take-over-account.ts'
import { typeOfAccess } from './type-of-access.ts'

const payloadOf = z.object({ accessId: z.number().int() })

type Step =
  | { kind: 'nothing' }
  | { kind: 'later'; at: Instant }
  /** Something was brought to its end; there may be more. */
  | { kind: 'moved' }
  | { kind: 'run'; run: AccessRun }
  /** Something is to be done on a database server. */
  | { kind: 'account'; task: AccessTask; work: AccountWork }

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
    const end = await takeStep(deps, lease, accessId, step)
    if (end) return end
  }
}

async function takeStep(deps: Deps, lease: Lease, accessId: number, step: Step): Promise<JobOutcome | null> {
  if (step.kind === 'run') return perform(deps, lease, accessId, step.run)
  if (step.kind !== 'account') return null
  const end = await performAccountWork(deps, lease, accessId, step.task, step.work)
  tell(deps, accessId)
  return end
}

async function begin(deps: Deps, lease: Lease, accessId: number): Promise<Step> {
  const step = await deps.db.transaction().execute(async tx => {
    const next = await beginWithin(tx, deps, lease, accessId)
    await lease.guard(tx)
    return next
  })
  if (step.kind !== 'nothing') tell(deps, accessId)
  if (step.kind === 'run') await deps.checkpoint?.('run created')
  if (step.kind === 'account') await deps.checkpoint?.('account work begun')
  return step
}

async function beginWithin(tx: Tx, deps: Deps, lease: Lease, accessId: number): Promise<Step> {
  const access = await lockAccess(tx, deps, accessId)
  if (!access) return { kind: 'nothing' }
  const last = await latestRunOfAccess(tx, accessId)
  if (last?.state === 'running') return { kind: 'run', run: await takeUpRun(tx, last) }
  const task = taskOf(access, await lastPurposeOf(tx, access))
  if (task === null) return { kind: 'nothing' }
  if (waitsForOperators(access, task, last))
    return { kind: 'later', at: after(deps.clock.now(), longestDelay) }
  return beginTask(tx, deps, lease, access, task)
}

/** A grant of which nobody knows how far it came: Retry is theirs. */
const waitsForOperators = (access: Access, task: AccessTask, last: Row<'runs'> | undefined): boolean =>
  hasFailed(access) && last?.state === 'unknown' && accessTasks[task].purpose === 'grant'

async function beginTask(tx: Tx, deps: Deps, lease: Lease, access: Access, task: AccessTask): Promise<Step> {
  const type = await typeOfAccess(tx, access)
  if (task === 'resume') await beginGivingBack(tx, access)
  const heldUp = await heldUpBy(tx, deps, access, task, await obstacleTo(tx, access, type, task))
  if (heldUp) return heldUp
  if (access.transfer_of !== null && task === 'grant') return takeOver(tx, deps, access)
  const onServer = isDatabaseKind(type.kind)
  const work = onServer ? await beginAccountWork(tx, deps, access, task) : null
  if (work === null && (onServer || (await needsNoRun(tx, access, type, task)))) {
    await settle(tx, deps, access, type, task)
    return { kind: 'moved' }
  }
  const { purpose, word } = accessTasks[task]
  if (access.pending_status !== word) await changeAccess(tx, access, { pending_status: word })
  if (work) return { kind: 'account', task, work }
  return { kind: 'run', run: await beginRun(tx, deps, lease, access, type, purpose) }
}

const takeOver = async (tx: Tx, deps: Deps, access: Access): Promise<Step> =>
  (await takeOverAccount(tx, deps, access))
    ? { kind: 'moved' }
    : { kind: 'later', at: after(deps.clock.now(), seconds(5)) }

async function obstacleTo(tx: Tx, access: Access, type: AccessType, task: AccessTask): Promise<InTheWay> {
  if (task === 'grant' || task === 'resume') return inTheWayOf(tx, access, type, task)
  return task === 'reset' ? inTheWayOfAccount(tx, access, task) : null
}

async function heldUpBy(
  tx: Tx,
  deps: Deps,
  access: Access,
  task: AccessTask,
  obstacle: InTheWay,
): Promise<Step | null> {
  if (obstacle === null) return null
  if (obstacle.kind === 'never') {
    await endAccesses(tx, deps, systemActor, [access], obstacle.why)
    return { kind: 'moved' }
  }
  if (obstacle.kind === 'failed') {
    const failure = { kind: 'failed', step: '', reason: obstacle.why } as const
    return { kind: 'later', at: await noteFailure(tx, deps, access, task, failure) }
  }
  const shown = obstacle.why === undefined ? access.pending_status : waitingWords(task, obstacle.why)
  if (access.pending_status !== shown) await changeAccess(tx, access, { pending_status: shown })
  return { kind: 'later', at: after(deps.clock.now(), minutes(1)) }
}

const needsNoRun = async (tx: Tx, access: Access, type: AccessType, task: AccessTask): Promise<boolean> =>
  accessTasks[task].purpose === 'grant' ? type.kind !== 'runbook' : isGoneAlready(tx, access, type)

async function settle(tx: Tx, deps: Deps, access: Access, type: AccessType, task: AccessTask): Promise<void> {
  if (task === 'grant' || task === 'resume') return finishGrant(tx, deps, access, type, task)
  if (task !== 'reset') return finishTakingAway(tx, deps, access, task)
  await changeAccess(tx, access, { pending_status: null, attempts: 0 })
}

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
  const type = await typeOfAccess(tx, access)
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
