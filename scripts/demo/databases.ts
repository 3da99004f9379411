import { setAssetDatabase } from '../../src/database-accounts/asset-database-verbs.ts'
import { createServer } from '../../src/database-accounts/server-verbs.ts'
import type { Deps } from '../../src/deps.ts'
import type { Actor } from '../../src/policy.ts'
import type { Result } from '../../src/result.ts'
import { Secret } from '../../src/secret.ts'
import { type DemoDatabases, demoDatabases, portalAccount, startDatabases } from './database-servers.ts'

const serverName = 'Demo PostgreSQL'

/** As the demo's operator would enter it. */
const operator: Actor = {
  id: 'OPERATOR01',
  role: 'OPERATOR',
  name: 'Operator 01',
  managingCustomerId: null,
  timeZone: null,
}

/** Starts the servers, and enters them where nobody has done so: what operators change stays as they left it. */
export async function openDatabases(deps: Deps, folder: string, say: (line: string) => void): Promise<void> {
  const known = await startDatabases(folder)
  const there = await deps.db
    .selectFrom('database_servers')
    .select('id')
    .where('name', '=', serverName)
    .executeTakeFirst()
  if (!there) await enter(deps, known)
  say('The databases run:')
  for (const { asset, database } of demoDatabases)
    say(`  ${asset}  localhost:${portOf(known, asset)}/${database}`)
}

/** Accounts of production are on the standby. */
const portOf = ({ ports }: DemoDatabases, asset: string) =>
  asset.endsWith('-PRD') ? ports.standby : ports.primary

async function enter(deps: Deps, known: DemoDatabases): Promise<void> {
  const id = expectDone(
    await createServer(
      deps,
      operator,
      'postgresql',
      {
        name: serverName,
        host: 'localhost',
        port: known.ports.primary,
        standby_host: 'localhost',
        standby_port: known.ports.standby,
        admin_name: portalAccount,
        ca: known.ca,
        pin: null,
        standby_pin: null,
        options: {},
      },
      { kind: 'password', password: new Secret(known.portalPassword) },
    ),
  )
  for (const { asset, database, owner } of demoDatabases)
    expectDone(
      await setAssetDatabase(deps, operator, asset, 0, {
        server_id: id,
        database_name: database,
        group_name: asset.toLowerCase().replace('-', '_'),
        owners: [owner],
        reset_at: '02:00',
      }),
    )
}

function expectDone<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`The demo's databases could not be entered: ${JSON.stringify(result.problem)}`)
}
