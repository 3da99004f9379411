import type { Instant } from '../../db/schema.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { tokenHash } from '../ids.ts'
import { newLink, useUp } from './links.ts'

/** The full address of a fresh link by which this person alone may decide; the one they had stops working. */
export const issueDecisionLink = (
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  personId: string,
  accessId: number,
): Promise<string> => newLink(tx, deps, personId, 'decision', { accessId })

/** Nobody can decide by a link that was sent about this access so far. */
export async function voidDecisionLinks(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  accessId: number,
): Promise<void> {
  await tx
    .updateTable('link_tokens')
    .set({ used_at: nowInstant(clock) })
    .where('access_id', '=', accessId)
    .where('purpose', '=', 'decision')
    .where('used_at', 'is', null)
    .execute()
}

export interface DecisionLink {
  personId: string
  accessId: number
  /** void: used, or replaced by a newer one. */
  state: 'open' | 'void' | 'expired'
  issuedAt: Instant
}

/** What a decision link is about, one that can't be used any more too; looking changes nothing. */
export async function findDecisionLink(
  db: DbOrTx,
  { clock }: Pick<Deps, 'clock'>,
  token: string,
): Promise<DecisionLink | null> {
  const row = await db
    .selectFrom('link_tokens')
    .select(['person_id', 'access_id', 'used_at', 'expires_at', 'created_at'])
    .where('token_hash', '=', tokenHash(token))
    .where('purpose', '=', 'decision')
    .executeTakeFirst()
  if (!row || row.person_id === null || row.access_id === null) return null
  const over = row.expires_at <= nowInstant(clock)
  return {
    personId: row.person_id,
    accessId: row.access_id,
    state: row.used_at !== null ? 'void' : over ? 'expired' : 'open',
    issuedAt: row.created_at,
  }
}

/** Of two at once, one gets it. */
export const useDecisionLink = useUp
