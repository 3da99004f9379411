import { afterAll, beforeAll } from 'vitest'
import { prepareCluster } from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { rotationRuns } from './rotation-runs.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

/** Other seeds every time; the title of each test names its own. */
const first = Date.now() % 1_000_000_000
const hundredAndTwenty = Array.from({ length: 120 }, (_, i) => i)

for (const [part, engine] of engines.entries())
  rotationRuns(
    engine,
    () => cluster,
    hundredAndTwenty.map(seed => first + part * hundredAndTwenty.length + seed),
  )
