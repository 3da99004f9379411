import { afterAll, beforeAll } from 'vitest'
import { prepareCluster } from '../support/database-accounts.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { rotationRuns } from './rotation-runs.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

const ten = Array.from({ length: 10 }, (_, i) => i + 1)

rotationRuns('sqlite', () => cluster, ten)
rotationRuns(
  'postgres',
  () => cluster,
  ten.map(seed => seed + 10),
)
