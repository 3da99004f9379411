import { isUniqueViolation } from '../../db/errors.ts'
import type { Instant, Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { instantOfWall } from '../notices/expiration.ts'
import type { Actor } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, ok, type Result } from '../result.ts'
import { lockPersons, presentActor } from './lock-persons.ts'

/** Who stands in, from when until when. */
export interface Absence {
  id: number
  standInId: string
  standInName: string
  fromAt: Instant
  untilAt: Instant
}

export interface AbsenceTyped {
  stand_in_id: string
  /** Wall times in the person's zone; an empty `from` is now. */
  from: string
  until: string
}

const onlyManagers = 'Only a manager names a stand-in: others decide nothing.'
const longest = days(366)

/** The absence of now or to come; one that is over is none. */
export async function openAbsence(
  db: DbOrTx,
  { clock }: Pick<Deps, 'clock'>,
  personId: string,
): Promise<Absence | undefined> {
  const row = await db
    .selectFrom('absences')
    .innerJoin('persons', 'persons.id', 'absences.stand_in_id')
    .where('absences.person_id', '=', personId)
    .where('absences.ended_at', 'is', null)
    .where('absences.until_at', '>', nowInstant(clock))
    .select(['absences.id', 'stand_in_id', 'persons.display_name', 'from_at', 'until_at'])
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      standInId: row.stand_in_id,
      standInName: row.display_name,
      fromAt: row.from_at,
      untilAt: row.until_at,
    }
  )
}

/** Who can stand in for a manager: the other ACTIVE managers of the same customer. */
export const standInChoices = (db: DbOrTx, actor: Actor) =>
  db
    .selectFrom('persons')
    .select(['id', 'display_name'])
    .where('role', '=', 'MANAGER')
    .where('status', '=', 'ACTIVE')
    .where('managing_customer_id', '=', actor.managingCustomerId)
    .where('id', '!=', actor.id)
    .orderBy('id')
    .execute()

/** Names who stands in while one is away; it takes the place of what was named before. */
export async function nameStandIn(deps: Deps, actor: Actor, typed: AbsenceTyped): Promise<Result<Absence>> {
  const times = readTimes(deps, actor, typed)
  if (!times.ok) return times
  try {
    return await deps.db.transaction().execute(async tx => {
      await lockPersons(tx, deps, [actor.id, typed.stand_in_id])
      const present = await presentActor(tx, actor)
      if (present?.role !== 'MANAGER') return forbidden(onlyManagers)
      const standIn = (await standInChoices(tx, present)).find(({ id }) => id === typed.stand_in_id)
      if (!standIn) return invalid({ stand_in_id: noSuchStandIn(present) })
      await endOpenAbsence(tx, deps, present, 'Another one was named.')
      return ok(await insert(tx, deps, present, standIn, times.value))
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return conflict('A stand-in was named at the same moment. Open your profile again and look at it.')
  }
}

/** Ends one's absence now. */
export const endAbsence = (deps: Deps, actor: Actor): Promise<Result<void>> =>
  deps.db
    .transaction()
    .execute(async tx =>
      (await endOpenAbsence(tx, deps, actor, 'Ended by the manager.'))
        ? ok(undefined)
        : conflict('Nobody stands in for you. Nothing was changed.'),
    )

interface Times {
  fromAt: Instant
  untilAt: Instant
}

function readTimes({ clock }: Deps, actor: Actor, typed: AbsenceTyped): Result<Times> {
  const zone = actor.timeZone ?? 'UTC'
  const now = nowInstant(clock)
  const fromAt = typed.from === '' ? now : instantOfWall(typed.from, zone)
  const untilAt = instantOfWall(typed.until, zone)
  const errors: FieldErrors = {
    ...(typed.stand_in_id === '' && { stand_in_id: 'Choose who stands in for you.' }),
    ...(!fromAt && { from: unreadable }),
    ...(!untilAt && { until: typed.until === '' ? 'Say until when.' : unreadable }),
  }
  if (!fromAt || !untilAt || Object.keys(errors).length > 0) return invalid(errors)
  const [, begins = now] = [fromAt, now].sort()
  if (untilAt <= begins)
    return invalid({ until: 'This is not after From, or it has passed. Choose a later time.' })
  if (untilAt > after(begins, longest)) return invalid({ until: 'Choose a time within a year.' })
  return ok({ fromAt: begins, untilAt })
}

const unreadable =
  'This is not a date and time. Write it like 2026-03-29T14:30 (year-month-day, T, hour:minute).'

const noSuchStandIn = (actor: Actor) =>
  `Choose another active manager of customer ${actor.managingCustomerId}.`

async function insert(
  tx: Tx,
  { clock }: Deps,
  actor: Actor,
  standIn: Pick<Row<'persons'>, 'id' | 'display_name'>,
  { fromAt, untilAt }: Times,
): Promise<Absence> {
  const { id } = await tx
    .insertInto('absences')
    .values({
      person_id: actor.id,
      stand_in_id: standIn.id,
      from_at: fromAt,
      until_at: untilAt,
      created_at: nowInstant(clock),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const detail = { stand_in: standIn.id, from: fromAt, until: untilAt }
  const subject = { type: 'absence', id, customerId: actor.managingCustomerId } as const
  await record(tx, clock, actor, 'stand-in named', subject, detail)
  return { id, standInId: standIn.id, standInName: standIn.display_name, fromAt, untilAt }
}

/** False: there was none. One that is over by itself is closed as of its end, without a word. */
async function endOpenAbsence(tx: Tx, { clock }: Deps, actor: Actor, why: string): Promise<boolean> {
  const now = nowInstant(clock)
  await tx
    .updateTable('absences')
    .set(eb => ({ ended_at: eb.ref('until_at') }))
    .where('person_id', '=', actor.id)
    .where('ended_at', 'is', null)
    .where('until_at', '<=', now)
    .execute()
  const ended = await tx
    .updateTable('absences')
    .set({ ended_at: now })
    .where('person_id', '=', actor.id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!ended) return false
  const subject = { type: 'absence', id: ended.id, customerId: actor.managingCustomerId } as const
  await record(tx, clock, actor, 'absence ended', subject, { person: actor.id, why })
  return true
}
