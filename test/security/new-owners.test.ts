import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { compareAccounts } from '../../src/database-accounts/compare-accounts.ts'
import { openFindings } from '../../src/database-accounts/drift-queries.ts'
import { adoptOrphan } from '../../src/database-accounts/drift-verbs.ts'
import { accessNow, accessState } from '../support/accesses.ts'
import { approveRequestFor } from '../support/approve-request.ts'
import {
  createDatabaseWorld,
  type DatabaseWorld,
  database,
  prepareCluster,
} from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

/** Whoever had an account knows its password and may be signed in with it: neither may outlast the transfer. */
const chosen = 'Known_to_the_former_7'

describe.each(engines)('A database account with a new owner (%s)', engine => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster)
  })
  afterEach(() => world.close())

  const client = async (user: string, password: string, port: number | undefined) => {
    const ssl = { ca: cluster.authority.certificate }
    const session = new pg.Client({ host: cluster.host, port, user, password, database, ssl })
    session.on('error', () => {})
    await session.connect()
    return session
  }
  const signedIn = async (id: number) => {
    const { name, target } = await world.account(id)
    const port = target === 'standby' ? cluster.standby?.port : cluster.port
    return client(name, (await world.shown(id)) ?? '', port)
  }
  const transferred = async (id: number): Promise<number> => {
    const { name } = await world.account(id)
    const to = await world.approvedAccount({
      person_id: 'USER01',
      asset_id: (await accessNow(world, id)).asset_id,
      database_account: name,
      transfer_of: id,
    })
    await findForgottenAccesses(world.deps)
    await workOff(world)
    return to
  }

  const setBack = (session: pg.Client) => session.query(`alter role current_user password '${chosen}'`)

  test.each(['10000-DEV', '10000-PRD'])(
    'is lost to its former owner, signed in or not: %s',
    async asset_id => {
      const id = await world.grantedAccount({ asset_id })
      const known = await world.shown(id)
      const session = await signedIn(id)
      try {
        const to = await transferred(id)
        expect(await accessState(world, to)).toBe('APPROVED')
        await expect(setBack(session)).rejects.toThrow()
        await expect(session.query('select 1')).rejects.toThrow(/terminat|closed|not queryable/i)
        expect(await world.letsIn(to)).toBe(true)
        expect(await world.letsIn(to, known)).toBe(false)
        expect(await world.letsIn(to, chosen)).toBe(false)
      } finally {
        await session.end().catch(() => {})
      }
    },
  )

  test('was nobody’s before it was adopted: who used it is out', async () => {
    const name = `dbsrv_found${engine}`
    await cluster.sql('primary', `create role ${name} login password 'known to somebody'`)
    await cluster.sql('primary', `grant connect on database ${database} to ${name}`)
    const session = await client(name, 'known to somebody', cluster.port)
    try {
      await compareAccounts(world.deps)
      await workOff(world)
      const finding = (await openFindings(world.deps.db, 500)).find(one => one.name === name)
      const ask = { to: 'USER01', asset: '10000-DEV', justification: 'It is the reporting job of user 01.' }
      await adoptOrphan(world.deps, world.actor('OPERATOR01'), finding?.id ?? 0, ask)
      const request = await approveRequestFor(world, name)
      expect(await accessState(world, request)).toBe('APPROVED')
      await expect(setBack(session)).rejects.toThrow()
      expect(await world.letsIn(request)).toBe(true)
      expect(await world.letsIn(request, chosen)).toBe(false)
    } finally {
      await session.end().catch(() => {})
    }
  })
})
