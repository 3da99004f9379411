import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'

/** A new password, already hashed. The act that calls for it writes the trail and ends the sessions. */
export async function setPasswordHash(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  personId: string,
  hash: string,
) {
  await tx
    .updateTable('persons')
    .set({ password_hash: hash, password_changed_at: nowInstant(clock) })
    .where('id', '=', personId)
    .execute()
}
