import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { conflict, ok, type Result } from '../result.ts'
import { type Settled, takeAwayAsset } from './take-away-asset.ts'

/** Nothing can be requested there any more; what is open ends, as it was shown. */
export const retireAsset = (deps: Deps, actor: Actor, id: string, shown: string): Promise<Result<Settled>> =>
  takeAwayAsset(deps, actor, id, shown, async (_tx, asset) =>
    asset.status === 'RETIRED'
      ? conflict(`${id} is RETIRED already. Nothing was changed.`)
      : ok({
          changes: { status: 'RETIRED' },
          verb: 'asset retired',
          detail: {},
          why: `The asset ${id} was retired`,
        }),
  )
