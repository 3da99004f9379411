import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { revalidate } from '../../src/access/revalidation.ts'
import { transferAccess } from '../../src/access/transfer-access.ts'
import { minutes } from '../../src/clock.ts'
import { compareAccounts } from '../../src/database-accounts/compare-accounts.ts'
import { openFindings } from '../../src/database-accounts/drift-queries.ts'
import { actOnAccess } from '../../src/database-accounts/drift-verbs.ts'
import { accessState } from '../support/accesses.ts'
import { approveRequestFor } from '../support/approve-request.ts'
import { afterDays, partId, prepared } from '../support/campaigns.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster({ standby: false }))
})
afterAll(() => cluster?.stop())

/** Its owner may confirm that it is needed; that is no answer to what an operator has suspended it for. */
describe.each(engines)('A database account that an operator has suspended (%s)', engine => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster)
  })
  afterEach(() => world.close())

  test('is not given back by re-validating it, early or late', async () => {
    const id = await world.grantedAccount()
    const giveBack = await suspended(id)
    const campaign = await prepared(world)
    await afterDays(world, 37)
    const part = await partId(world, campaign, 'USER02', '10000')
    const answer = await revalidate(world.deps, world.actor('USER02'), 'USER02', part)
    expect(answer).toMatchObject({ ok: true, value: { confirmed: 1, resumed: 0 } })
    await workOff(world)
    expect(await accessState(world, id)).toBe('SUSPENDED')
    expect(await world.role(id)).toMatchObject({ login: false })

    await giveBack()
    expect(await accessState(world, id)).toBe('APPROVED')
  })

  test('is not given back to somebody else by transferring it', async () => {
    const id = await world.grantedAccount()
    await transferAccess(world.deps, world.actor('USER02'), id, { to: 'USER01', justification: 'Moves.' })
    const giveBack = await suspended(id)
    const request = await approveRequestFor(world, (await world.account(id)).name)
    expect(await accessState(world, request)).toMatch(
      /^PROCESSING, PROVISIONING: an operator has suspended the account/,
    )
    expect(await accessState(world, id)).toBe('SUSPENDED')
    expect(await world.role(id)).toMatchObject({ login: false })

    await giveBack()
    world.clock.advance(minutes(5))
    await workOff(world)
    expect(await accessState(world, id)).toBe('REMOVED')
    expect(await accessState(world, request)).toBe('APPROVED')
  })

  /** By what drift has found. Gives how it is given back. */
  async function suspended(id: number): Promise<() => Promise<void>> {
    const { name } = await world.account(id)
    await cluster.sql('primary', `alter role ${name} createdb`)
    await compareAccounts(world.deps)
    await workOff(world)
    const finding = (await openFindings(world.deps.db, 500)).find(one => one.name === name)
    const act = async (word: 'suspend' | 'resume') => {
      const done = await actOnAccess(world.deps, world.actor('OPERATOR01'), finding?.id ?? 0, word)
      expect(done).toMatchObject({ ok: true })
      await workOff(world)
    }
    await act('suspend')
    expect(await accessState(world, id)).toBe('SUSPENDED')
    return () => act('resume')
  }
})
