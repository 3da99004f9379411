import type { Updateable } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Access } from '../access/change-access.ts'
import { fateOf } from '../access/fate.ts'
import { lockOpenAccessesOn, openAccessesOn, settleForAsset } from '../access/settle-for-asset.ts'
import { record } from '../audit/record.ts'
import type { Db, Deps, Tx } from '../deps.ts'
import { tokenHash } from '../ids.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import {
  cancelForAsset,
  lockOpenRequestsOf,
  openRequestsOf,
  tellCancelled,
} from '../service-requests/cancel-for-asset.ts'
import type { ServiceRequest } from '../service-requests/find-request.ts'
import { isRunning } from '../service-requests/running.ts'
import { type Asset, findAsset } from './queries.ts'

/** What is open on an asset and has to be settled before it can go from its customer. */
export interface OpenOnAsset {
  asset: Asset
  requests: readonly ServiceRequest[]
  accesses: readonly Access[]
}

/** How an asset goes: what becomes of it, and the words for those whose requests and accesses end with it. */
export interface Departure {
  changes: Updateable<Database['assets']>
  verb: string
  detail: Readonly<Record<string, unknown>>
  why: string
}

export interface Settled {
  requests: number
  accesses: number
}

export async function openOnAsset(db: Db, id: string): Promise<OpenOnAsset | undefined> {
  const asset = await findAsset(db, id)
  if (!asset) return undefined
  return { asset, requests: await openRequestsOf(db, id), accesses: await openAccessesOn(db, id) }
}

/** Names what was shown: whoever confirms it confirms exactly this. */
export const shownOf = ({ asset, requests, accesses }: OpenOnAsset): string =>
  tokenHash(
    JSON.stringify([
      asset.customer_id,
      asset.status,
      requests.map(({ id, status }) => [id, isRunning(status)]),
      accesses.map(access => [access.id, fateOf(access)]),
    ]),
  ).slice(0, 32)

/**
 * Takes an asset away from its customer: everything open on it is settled in the same transaction, or nothing
 * happens. `depart` says how it goes, or what is wrong with it.
 */
export async function takeAwayAsset(
  deps: Deps,
  actor: Actor,
  id: string,
  shown: string,
  depart: (tx: Tx, asset: Asset) => Promise<Result<Departure>>,
): Promise<Result<Settled>> {
  if (!can(actor, 'asset.configure')) return forbidden('Only operators retire and move assets.')
  const found: { open?: OpenOnAsset } = {}
  const result = await deps.db.transaction().execute(async tx => {
    const open = await lockOpenOnAsset(tx, deps, id)
    if (!open) return notFound()
    const departure = await depart(tx, open.asset)
    if (!departure.ok) return departure
    const wrong = whyNotNow(open, shown)
    if (wrong) return wrong
    found.open = open
    return ok(await settle(tx, deps, actor, open, departure.value))
  })
  if (result.ok) tellCancelled(deps, found.open?.requests ?? [])
  deps.wake()
  return result
}

/** Whoever adds something for the asset at this moment is waited for, or finds it gone. */
async function lockOpenOnAsset(tx: Tx, deps: Deps, id: string): Promise<OpenOnAsset | undefined> {
  if (deps.engine === 'postgres')
    await tx.selectFrom('assets').select('id').where('id', '=', id).forUpdate().execute()
  const asset = await findAsset(tx, id)
  if (!asset) return undefined
  const accesses = await lockOpenAccessesOn(tx, deps, id)
  return { asset, accesses, requests: await lockOpenRequestsOf(tx, deps, id) }
}

function whyNotNow(open: OpenOnAsset, shown: string) {
  const running = open.requests.filter(({ status }) => isRunning(status))
  if (running.length > 0) return conflict(runningWords(open.asset.id, running))
  if (shownOf(open) !== shown)
    return conflict(
      `What is open on ${open.asset.id} has changed since the page was drawn. Nothing was done. Look at it as it is now, and confirm again.`,
    )
  return null
}

export const runningWords = (id: string, running: readonly Pick<ServiceRequest, 'id' | 'status'>[]) =>
  `These service requests of ${id} are under way: ${running.map(r => `${r.id} (${r.status})`).join(', ')}. Nothing was done. Let them end, or settle them, first.`

async function settle(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  { asset, requests, accesses }: OpenOnAsset,
  { changes, verb, detail, why }: Departure,
): Promise<Settled> {
  const cancelled = await cancelForAsset(tx, deps, actor, requests, `${why}.`)
  await tx.updateTable('assets').set(changes).where('id', '=', asset.id).execute()
  const settled = {
    requests: cancelled,
    accesses: accesses.filter(access => fateOf(access) !== 'ended').length,
  }
  await record(
    tx,
    deps.clock,
    actor,
    verb,
    { type: 'asset', id: asset.id, customerId: asset.customer_id },
    { ...detail, 'service requests cancelled': settled.requests, 'accesses ended': settled.accesses },
  )
  await settleForAsset(tx, deps, actor, accesses, why)
  return settled
}
