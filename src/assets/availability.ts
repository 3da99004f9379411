import { askHealth } from '../automation/executors/process/health.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'

/** Addresses asked at the same time: each may keep us waiting until its time limit. */
const atOnce = 8

interface Probed {
  id: string
  health_url: string
}

/** Asks the health address of every asset in use, and remembers what it answered. */
export async function checkAvailability(deps: Deps): Promise<void> {
  await forgetUnasked(deps)
  const waiting = await assetsToAsk(deps)
  const ask = async () => {
    for (let asset = waiting.shift(); asset && !deps.stopping.aborted; asset = waiting.shift())
      await remember(deps, asset, await askHealth(asset.health_url))
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
}

const assetsToAsk = (deps: Deps): Promise<Probed[]> =>
  deps.db
    .selectFrom('assets')
    .where('status', '=', 'ACTIVE')
    .where('health_url', 'is not', null)
    .orderBy('id')
    .select(['id', 'health_url'])
    .$narrowType<{ health_url: string }>()
    .execute()

/** An old answer would look like the present one. */
const forgetUnasked = (deps: Deps) =>
  deps.db
    .deleteFrom('asset_health')
    .where('asset_id', 'in', eb =>
      eb
        .selectFrom('assets')
        .where(e => e.or([e('status', '=', 'RETIRED'), e('health_url', 'is', null)]))
        .select('id'),
    )
    .execute()

async function remember(
  deps: Deps,
  { id }: Probed,
  { healthy, answer }: { healthy: boolean; answer: string },
) {
  const now = nowInstant(deps.clock)
  const state = healthy ? 'up' : 'down'
  await deps.db
    .insertInto('asset_health')
    .values({ asset_id: id, state, answer, since: now, checked_at: now })
    .onConflict(conflict =>
      conflict.column('asset_id').doUpdateSet(eb => ({
        state,
        answer,
        checked_at: now,
        since: eb
          .case()
          .when('asset_health.state', '=', state)
          .then(eb.ref('asset_health.since'))
          .else(now)
          .end(),
      })),
    )
    .execute()
}
