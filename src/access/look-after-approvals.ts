import type { Instant } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { voidDecisionLinks } from '../auth/decision-links.ts'
import { after, hours, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { startWords } from '../service-requests/requested-start.ts'
import { readSettings, type Settings } from '../settings/settings.ts'
import { mailExpired, mailOperators, mailWaiting, namesInWords, remindDeciders } from './approval-mails.ts'
import { type Access, moveAccess } from './change-access.ts'
import { type Decider, type Deciders, decidersOf } from './deciders.ts'
import { escalate, nobodyElse } from './escalate.ts'

const BATCH = 200

/**
 * Recurring: who may decide and has not is reminded, then stand-ins are asked, then operators; in the end a request is
 * REJECTED, for silence never approves. The time counts from the request: whoever goes on changing it gains none.
 */
export async function lookAfterApprovals(deps: Deps): Promise<void> {
  const settings = await readSettings(deps.db)
  let last = 0
  for (;;) {
    const batch = await undecided(deps, last)
    const deciders = await decidersOf(deps.db, nowInstant(deps.clock), batch)
    for (const access of batch) {
      const step = dueStep(access, settings, nowInstant(deps.clock), deciders)
      if (step) await take(deps, access, step, settings)
    }
    if (batch.length < BATCH) return
    last = batch.at(-1)?.id ?? last
  }
}

async function take(deps: Deps, access: Access, step: Step, settings: Settings): Promise<void> {
  await deps.db.transaction().execute(tx => steps[step](tx, deps, access, settings))
  deps.wake()
}

const undecided = ({ db }: Deps, afterId: number): Promise<Access[]> =>
  db
    .selectFrom('accesses')
    .selectAll()
    .where('status', '=', 'PROCESSING')
    .where('decision', 'is', null)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(BATCH)
    .execute()

type Step = 'remind' | 'ask-stand-ins' | 'escalate' | 'expire'

/** The furthest step that is due: after a time in which nothing ran, nobody gets all mails at once. */
function dueStep(access: Access, settings: Settings, now: Instant, deciders: Deciders): Step | null {
  const isOver = (limit: number) => after(access.created_at, hours(limit)) <= now
  if (isOver(settings.approval_expiry_hours)) return 'expire'
  // A manager may have lost the right, or become a party, since it was requested.
  const nobody = access.escalated_at === null && deciders.managersFor(access).length === 0
  if (nobody || (access.escalated_at === null && isOver(settings.approval_escalation_hours)))
    return 'escalate'
  if (access.stand_in_at === null && isOver(settings.approval_stand_in_hours)) return 'ask-stand-ins'
  if (access.reminded_at === null && isOver(settings.approval_reminder_hours)) return 'remind'
  return null
}

/** Each does nothing when it was decided, or another node was quicker. */
const steps: Record<Step, (tx: Tx, deps: Deps, access: Access, settings: Settings) => Promise<void>> = {
  remind: async (tx, deps, { id }) => {
    const access = await mark(tx, deps, id, 'reminded_at')
    if (!access) return
    const { managers, operators, deciders } = await whoMay(tx, deps, access)
    const asked = [...managers, ...operators]
    await remindDeciders(tx, deps, access, asked, managers, deciders.absences)
    await mailWaiting(tx, deps, access, remindedWords(managers, operators))
  },
  'ask-stand-ins': async (tx, deps, { id }) => {
    const access = await mark(tx, deps, id, 'stand_in_at')
    if (!access) return
    const { managers, operators, deciders } = await whoMay(tx, deps, access)
    const standIns = managers.filter(manager =>
      deciders.absences.some(
        ({ person, standIn }) => standIn === manager.id && managers.some(one => one.id === person),
      ),
    )
    const asked = standIns.length > 0 ? standIns : [...managers, ...operators]
    await remindDeciders(tx, deps, access, asked, managers, deciders.absences)
    await mailWaiting(
      tx,
      deps,
      access,
      standIns.length > 0
        ? `A manager is away, so this was asked of who stands in: ${namesInWords(standIns, [])}.`
        : remindedWords(managers, operators),
    )
  },
  escalate: async (tx, deps, { id, created_at }) => {
    const why = `Nobody has decided about this access request since ${startWords(created_at, 'UTC')}. You may decide now.`
    const before = await tx.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const nobody = (await whoMay(tx, deps, before)).managers.length === 0
    const access = await escalate(tx, deps, id, nobody ? nobodyElse : why)
    if (!access) return
    if (!nobody) await passOver(tx, access)
    const { operators } = await whoMay(tx, deps, access)
    await mailOperators(tx, deps, access, operators, nobody ? nobodyElse : why)
    await mailWaiting(tx, deps, access, operators.length > 0 ? operatorsAsked : nobodyLeft)
  },
  expire: async (tx, deps, access, settings) => {
    const deadline = after(access.created_at, hours(settings.approval_expiry_hours))
    const reason = `Expired: nobody decided by ${startWords(deadline, 'UTC')}`
    const changes = { decision: 'REJECTED', decided_at: nowInstant(deps.clock), reason } as const
    if (!(await moveAccess(tx, deps.clock, systemActor, access, 'expire', changes, { reason }))) return
    await voidDecisionLinks(tx, deps, access.id)
    await mailExpired(tx, deps, access, reason)
  },
}

const operatorsAsked = 'The operators have been asked, and may decide as well.'
const nobodyLeft =
  'Nobody may decide about it at the moment, no operator either. Ask for a further manager of the customer.'

/** Takes a step once, of however many nodes. Without a new version: what a decision is about has not changed. */
const mark = (tx: Tx, { clock }: Deps, id: number, column: 'reminded_at' | 'stand_in_at') =>
  tx
    .updateTable('accesses')
    .set(eb => ({
      [column]: nowInstant(clock),
      // Who is asked at the second step need not be reminded afterwards.
      reminded_at: eb.fn.coalesce('reminded_at', eb.val(nowInstant(clock))),
    }))
    .where('id', '=', id)
    .where('status', '=', 'PROCESSING')
    .where('decision', 'is', null)
    .where(column, 'is', null)
    .returningAll()
    .executeTakeFirst()

/** The steps before this one are not caught up on. */
const passOver = (tx: Tx, { id, escalated_at }: Access) =>
  tx
    .updateTable('accesses')
    .set(eb => ({
      reminded_at: eb.fn.coalesce('reminded_at', eb.val(escalated_at)),
      stand_in_at: eb.fn.coalesce('stand_in_at', eb.val(escalated_at)),
    }))
    .where('id', '=', id)
    .execute()

interface WhoMay {
  managers: Decider[]
  /** From the escalation on. */
  operators: Decider[]
  deciders: Deciders
}

async function whoMay(tx: Tx, { clock }: Deps, access: Access): Promise<WhoMay> {
  const deciders = await decidersOf(tx, nowInstant(clock), [access])
  const operators = access.escalated_at === null ? [] : deciders.operatorsFor(access)
  return { managers: deciders.managersFor(access), operators, deciders }
}

function remindedWords(managers: readonly Decider[], operators: readonly Decider[]): string {
  const whom = [
    ...(managers.length > 0 ? [namesInWords(managers, [])] : []),
    ...(operators.length > 0 ? ['the operators'] : []),
  ]
  return whom.length === 0 ? nobodyLeft : `Those who may decide have been reminded: ${whom.join(' and ')}.`
}
