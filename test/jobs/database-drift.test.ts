import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { suspendAccess } from '../../src/access/end-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { compareAccounts, compareOn } from '../../src/database-accounts/compare-accounts.ts'
import { openFindings } from '../../src/database-accounts/drift-queries.ts'
import { actOnAccess, adoptOrphan, endOrphan } from '../../src/database-accounts/drift-verbs.ts'
import { accessNow, accessState } from '../support/accesses.ts'
import { approveRequestFor } from '../support/approve-request.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { addServerWithPassword } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster({ standby: false }))
})
afterAll(() => cluster?.stop())

describe.each(engines)('the drift report (%s)', engine => {
  let world: DatabaseWorld
  /** Accounts of other tests on the server are nobody's to this world. */
  let alien: readonly string[]
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster)
    alien = (await roles()).map(role => role.name)
  })
  afterEach(() => world.close())

  const roles = () =>
    cluster.sql<{ name: string; login: boolean }>(
      'primary',
      `select rolname as name, rolcanlogin as login from pg_roles where rolname like 'db%\\_%'`,
    )
  const compare = async () => {
    await compareAccounts(world.deps)
    await workOff(world)
    return (await openFindings(world.deps.db, 500)).filter(one => !alien.includes(one.name))
  }
  const operator = () => world.actor('OPERATOR01')
  const told = async () =>
    (await world.mails()).filter(
      mail => mail.template === 'database-drift' && mail.to_person === 'OPERATOR01',
    )

  test('has nothing to say where portal and server agree', async () => {
    await world.grantedAccount()
    expect(await compare()).toEqual([])
  })

  test('finds what nobody owns, what has vanished and what can do too much; tells operators once', async () => {
    const [kept, vanished] = [await world.grantedAccount(), await world.grantedAccount()]
    const names = { kept: (await world.account(kept)).name, vanished: (await world.account(vanished)).name }
    await cluster.sql('primary', `create role dbsrv_orphan${engine} login`)
    await cluster.sql('primary', `alter role ${names.kept} createdb; drop role ${names.vanished}`)
    await compare()
    const found = await compare()
    expect(found.map(one => `${one.kind} ${one.name}`).sort()).toEqual(
      [`ORPHAN dbsrv_orphan${engine}`, `RIGHTS ${names.kept}`, `VANISHED ${names.vanished}`].sort(),
    )
    expect(await told()).toHaveLength(1)
    await cluster.sql('primary', `alter role ${names.kept} nocreatedb; drop role dbsrv_orphan${engine}`)
    expect((await compare()).map(one => one.kind)).toEqual(['VANISHED'])
  })

  test('what comes, goes or is suspended while the server answers is no drift', async () => {
    const [suspended, removed] = [await world.grantedAccount(), await world.grantedAccount()]
    const names = new Set([(await world.account(suspended)).name, (await world.account(removed)).name])
    world.deps.checkpoint = async point => {
      if (point !== 'accounts listed') return
      world.deps.checkpoint = undefined
      names.add((await world.account(await world.grantedAccount())).name)
      await world.deps.db
        .transaction()
        .execute(tx => suspendAccess(tx, world.deps, { id: suspended }, 'Looked into.'))
      await removeAccess(world.deps, world.actor('USER02'), removed)
      await workOff(world)
    }
    const { server_id } = await world.account(suspended)
    await compareOn(world.deps, server_id, async () => {})
    expect((await openFindings(world.deps.db, 500)).filter(one => names.has(one.name))).toEqual([])
    expect(names.size).toBe(3)
    expect([await accessState(world, suspended), await accessState(world, removed)]).toEqual([
      'SUSPENDED',
      'REMOVED',
    ])
    expect(await compare()).toEqual([])
  })

  test('of a server that is retired while it answers nothing is reported', async () => {
    await cluster.sql('primary', `create role dbsrv_late${engine} login`)
    world.deps.checkpoint = async point => {
      if (point !== 'accounts listed') return
      await world.deps.db.updateTable('database_servers').set({ status: 'RETIRED' }).execute()
    }
    expect(await compare()).toEqual([])
    await cluster.sql('primary', `drop role dbsrv_late${engine}`)
  })

  test('an orphan is said to be more than an account, where it is', async () => {
    await cluster.sql('primary', `create role dbsrv_big${engine} superuser login`)
    const [found] = await compare()
    await cluster.sql('primary', `drop role dbsrv_big${engine}`)
    expect(found?.detail).toMatch(/^No access has this account; it carries no mark .+ It is a superuser\./)
  })

  test('an account is nobody’s under no other name of its server', async () => {
    const id = await world.grantedAccount()
    const { name } = await world.account(id)
    const twin = await addServerWithPassword(world.deps, cluster.superuser.password, {
      name: 'Twin',
      host: cluster.host,
      port: cluster.port,
      admin_name: cluster.superuser.name,
      ca: cluster.authority.certificate,
    })
    expect((await compare()).filter(one => one.name === name)).toEqual([])
    // As if it had been found before: what it is now is looked at again.
    const now = world.clock.instant()
    const finding = {
      server_id: twin,
      kind: 'ORPHAN',
      name,
      mark: id,
      detail: '',
      found_at: now,
      seen_at: now,
    } as const
    const { id: findingId } = await world.deps.db
      .insertInto('drift_findings')
      .values(finding)
      .returning('id')
      .executeTakeFirstOrThrow()
    await endOrphan(world.deps, operator(), findingId, 'drop')
    await workOff(world)
    expect(await world.letsIn(id)).toBe(true)
    expect((await roles()).map(role => role.name)).toContain(name)
  })

  test('an orphan is dropped', async () => {
    const name = `dbsrv_gone${engine}`
    await cluster.sql('primary', `create role ${name} login`)
    const [finding] = await compare()
    expect(await endOrphan(world.deps, operator(), finding?.id ?? 0, 'drop')).toMatchObject({ ok: true })
    await workOff(world)
    expect((await roles()).some(role => role.name === name)).toBe(false)
    expect(await compare()).toEqual([])
  })

  test('an orphan is disabled, and stays in the report', async () => {
    const name = `dbsrv_quiet${engine}`
    await cluster.sql('primary', `create role ${name} login`)
    const [finding] = await compare()
    await endOrphan(world.deps, operator(), finding?.id ?? 0, 'disable')
    await workOff(world)
    expect((await roles()).find(role => role.name === name)?.login).toBe(false)
    expect((await compare()).map(one => one.name)).toEqual([name])
  })

  test('what an access has by now is not dropped as an orphan', async () => {
    const id = await world.grantedAccount()
    const { name } = await world.account(id)
    await cluster.sql('primary', `comment on role ${name} is null`)
    const finding = (await compare()).find(one => one.kind === 'ORPHAN' && one.name === name)
    expect(await endOrphan(world.deps, operator(), finding?.id ?? 0, 'drop')).toMatchObject({ ok: true })
    await cluster.sql('primary', `comment on role ${name} is 'gatehouse:${id}'`)
    await workOff(world)
    expect(await world.letsIn(id)).toBe(true)
    expect((await openFindings(world.deps.db, 500)).find(one => one.name === name)?.act_error).toContain(
      'An access has it by now',
    )
    expect((await compare()).map(one => one.name)).toEqual([])
  })

  test('an orphan is adopted for a person, when the managers approve, with a new password', async () => {
    const name = `dbsrv_mine${engine}`
    await cluster.sql('primary', `create role ${name} login password 'known to somebody'`)
    const [finding] = await compare()
    const ask = { to: 'USER01', asset: '10000-DEV', justification: 'It is the reporting job of user 01.' }
    expect(
      await adoptOrphan(world.deps, operator(), finding?.id ?? 0, { ...ask, to: 'USER03' }),
    ).toMatchObject({
      ok: false,
      problem: { kind: 'invalid' },
    })
    expect(await adoptOrphan(world.deps, operator(), finding?.id ?? 0, ask)).toMatchObject({ ok: true })
    const request = await approveRequestFor(world, name)
    expect(await accessNow(world, request)).toMatchObject({ status: 'APPROVED', person_id: 'USER01' })
    expect(await world.letsIn(request)).toBe(true)
    expect(await world.letsIn(request, 'known to somebody')).toBe(false)
    expect(await compare()).toEqual([])
  })

  test('what an access has can be taken away for now, given back, or removed', async () => {
    const id = await world.grantedAccount()
    const { name } = await world.account(id)
    await cluster.sql('primary', `alter role ${name} createdb`)
    const [finding] = await compare()
    const act = async (word: 'suspend' | 'resume' | 'remove') => {
      expect(await actOnAccess(world.deps, operator(), finding?.id ?? 0, word)).toMatchObject({ ok: true })
      await workOff(world)
      return accessState(world, id)
    }
    expect(await act('suspend')).toBe('SUSPENDED')
    expect(await world.letsIn(id)).toBe(false)
    expect(await act('resume')).toBe('APPROVED')
    expect(await world.letsIn(id)).toBe(true)
    expect(await act('remove')).toBe('REMOVED')
  })

  test('a server that can’t be reached is said so, and what was known stays', async () => {
    const name = `dbsrv_stays${engine}`
    await cluster.sql('primary', `create role ${name} login`)
    await compare()
    await world.deps.db.updateTable('database_servers').set({ port: 1 }).execute()
    expect((await compare()).map(one => one.name)).toEqual([name])
    const server = await world.deps.db.selectFrom('database_servers').selectAll().executeTakeFirstOrThrow()
    expect(server.drift_error).toContain('localhost:1')
    await cluster.sql('primary', `drop role ${name}`)
  })
})
