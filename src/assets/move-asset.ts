import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { conflict, invalid, ok, type Result } from '../result.ts'
import { wrongCustomer } from './assets.ts'
import { type Settled, takeAwayAsset } from './take-away-asset.ts'

/** To another customer: what is open for the present one ends, as it was shown, and is requested anew. */
export const moveAsset = (
  deps: Deps,
  actor: Actor,
  id: string,
  to: string,
  shown: string,
  /** The customer it was shown to belong to. */
  from: string,
): Promise<Result<Settled>> =>
  takeAwayAsset(deps, actor, id, shown, async (tx, asset) => {
    if (asset.customer_id === to)
      return from === to
        ? invalid({ customer_id: `${id} belongs to customer ${to} already. Type the id of another one.` })
        : conflict(`${id} belongs to customer ${to} already. Nothing was changed.`)
    const wrong = await wrongCustomer(tx, to)
    if (wrong) return invalid(wrong)
    return ok({
      changes: { customer_id: to },
      verb: 'asset moved',
      detail: { customer_id: [asset.customer_id, to] },
      why: `The asset ${id} was moved to another customer`,
    })
  })
