import { type AuditActor, record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'

/** Who stops being a manager of their customer is neither stood in for nor stands in any more. */
export async function endAbsencesOf(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  actor: AuditActor,
  personId: string,
): Promise<void> {
  const ended = await tx
    .updateTable('absences')
    .set({ ended_at: nowInstant(clock) })
    .where('ended_at', 'is', null)
    .where(eb => eb.or([eb('person_id', '=', personId), eb('stand_in_id', '=', personId)]))
    .returning(['id', 'person_id', 'stand_in_id'])
    .execute()
  for (const { id, person_id, stand_in_id } of ended)
    await record(
      tx,
      clock,
      actor,
      'absence ended',
      { type: 'absence', id },
      { person: person_id, stand_in: stand_in_id, why: `${personId} is no longer a manager there.` },
    )
}
