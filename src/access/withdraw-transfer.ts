import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { lockPersons, presentActor } from '../people/lock-persons.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { accessSubject, tellAccesses } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { findVisibleAccess } from './find-access.ts'
import { lockAccesses } from './lock-access.ts'
import { openTransfer } from './open-transfer.ts'

/** Takes back a transfer that waits for its decision, as whoever may ask for one: the account stays where it is. */
export async function withdrawTransfer(deps: Deps, actor: Actor, accessId: number): Promise<Result<string>> {
  const done = await deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    const before = await findVisibleAccess(tx, deps, actor, accessId)
    if (!before) return notFound()
    const seen = await openTransfer(tx, accessId)
    await lockPersons(tx, deps, [actor.id, before.access.person_id, seen?.person_id ?? actor.id])
    const present = await presentActor(tx, actor)
    if (!present) return forbidden(`${shownName(actor)} is not active any more. Nothing was changed.`)
    await lockAccesses(tx, deps, seen ? [accessId, seen.id] : [accessId])
    return within(tx, deps, present, accessId)
  })
  if (done.ok) tellAccesses(deps)
  return done
}

async function within(tx: Tx, deps: Deps, actor: Actor, accessId: number): Promise<Result<string>> {
  const found = await findVisibleAccess(tx, deps, actor, accessId)
  if (!found) return notFound()
  const { access, subject } = found
  if (!can(actor, 'access.transfer', subject))
    return forbidden('Only those who may transfer an account may take a transfer back.')
  const transfer = await openTransfer(tx, accessId)
  if (!transfer) return conflict('No transfer of this account is open any more. Nothing was changed.')
  if (!transfer.undecided)
    return conflict('This transfer has been approved meanwhile, and is under way. Nothing was changed.')
  await endAccesses(tx, deps, actor, [transfer], `The transfer was withdrawn by ${shownName(actor)}.`)
  const detail = {
    account: access.database_account,
    asset: access.asset_id,
    person: access.person_id,
    transferTo: transfer.person_id,
  }
  await record(tx, deps.clock, actor, 'access transfer withdrawn', accessSubject(access), detail)
  return ok(
    `The transfer to ${transfer.display_name} is withdrawn: ${access.database_account} stays where it is.`,
  )
}
