import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { askForDecision } from './ask-for-decision.ts'
import { type Access, accessSubject } from './change-access.ts'
import { tidyJustification } from './justification.ts'

/** A database account that is there already, to be given to a person. */
export interface AccountRequest {
  person: string
  asset: { id: string; customer_id: string }
  type: string
  account: string
  serverId: number
  /** The access that has it now, and its person; null: nobody. */
  transferOf: { access: number; person: string } | null
  /** When it ends by itself: a day of the asset's zone, and when that is over. */
  ends: Pick<Access, 'ends_on' | 'ends_at'> | null
  justification: string
}

/** Asks the managers for it, as for every access. May violate the indexes of open accesses; persons are held. */
export async function requestAccount(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  actor: Actor,
  request: AccountRequest,
): Promise<Access> {
  const access = await tx
    .insertInto('accesses')
    .values({
      person_id: request.person,
      asset_id: request.asset.id,
      customer_id: request.asset.customer_id,
      access_type: request.type,
      status: 'PROCESSING',
      justification: tidyJustification(request.justification),
      requested_by: actor.id,
      created_at: nowInstant(deps.clock),
      database_account: request.account,
      database_server_id: request.serverId,
      transfer_of: request.transferOf?.access ?? null,
      ...(request.ends && { ends_on: request.ends.ends_on, ends_at: request.ends.ends_at }),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await record(tx, deps.clock, actor, 'access requested', accessSubject(access), {
    person: access.person_id,
    asset: access.asset_id,
    type: access.access_type,
    account: request.account,
    ...(request.transferOf !== null && {
      transferOf: request.transferOf.access,
      transferFrom: request.transferOf.person,
    }),
    justification: access.justification,
  })
  await askForDecision(tx, deps, access)
  return access
}
