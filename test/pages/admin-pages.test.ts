import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const pages = [
  { title: 'Administration', path: paths.admin() },
  { title: 'Customers', path: paths.adminCustomers() },
  { title: 'New Customer', path: paths.adminCustomer('new') },
  { title: 'Customer 10000', path: paths.adminCustomer('10000') },
  { title: 'Assets administration', path: paths.adminAssets() },
  { title: 'New Asset', path: paths.adminAsset('new') },
  { title: '10000-DEV', path: paths.adminAsset('10000-DEV') },
  { title: '10000-DEV', path: paths.adminAssetActions('10000-DEV') },
  { title: 'Actions', path: paths.adminActions() },
  { title: 'New Action', path: paths.adminAction('new') },
  { title: 'Restart Asset Management Application', path: paths.adminAction('restart-application') },
  { title: 'Runbooks', path: paths.adminRunbooks() },
  { title: 'New Runbook', path: paths.adminRunbook('new') },
  { title: 'Persons', path: paths.adminPersons() },
  { title: 'New Person', path: paths.adminPerson('new') },
  { title: 'User 01', path: paths.adminPerson('USER01') },
  { title: 'Deactivate User 01?', path: paths.adminPersonEvent('USER01', 'deactivate') },
  { title: 'Bulletin Board posts', path: paths.adminNotices() },
  { title: 'New Post', path: paths.adminNotice('new') },
  { title: 'Mail', path: paths.adminMails() },
  { title: 'Jobs', path: paths.adminJobs() },
  { title: 'Database servers', path: paths.adminDatabaseServers() },
  { title: 'New Database Server', path: paths.adminDatabaseServer('new') },
  { title: '10000-DEV', path: paths.adminAssetDatabase('10000-DEV') },
  { title: 'Expiry calendar', path: paths.adminExpiry() },
]

describe.each(engines)('Administration (%s)', engine => {
  let world: World
  let operator: Agent
  let manager: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    manager = await signIn(world, 'manager01')
  })
  afterAll(() => world.close())

  test.each(pages)('$path is there for operators: $title', async ({ title, path }) => {
    const page = await operator.get(path)
    expect([page.status, page.heading]).toEqual([200, title])
  })

  test.each(pages)('$path is not there for a manager', async ({ path }) => {
    expect((await manager.get(path)).status).toBe(404)
  })

  test.each(pages)('$path asks a visitor to sign in', async ({ path }) => {
    expect((await visitor(world).get(path)).heading).toBe('Sign in')
  })

  test.each([
    paths.adminCustomer('99999'),
    paths.adminAsset('10000-XYZ'),
    paths.adminAssetActions('10000-XYZ'),
    paths.adminAssetDatabase('10000-XYZ'),
    paths.adminDatabaseServer(4711),
    paths.adminDatabaseServer('no-number'),
    paths.adminAction('no-such-action'),
    paths.adminRunbook(4711),
    paths.adminRunbook('no-number'),
    paths.adminRunbookVersions(4711),
    paths.adminRunbookDryRun(4711),
    paths.adminPerson('NOBODY'),
    paths.adminPersonEvent('NOBODY', 'deactivate'),
    paths.adminNotice(4711),
    paths.adminMail(4711),
    paths.adminMail('99999999999999999999'),
  ])('%s does not exist', async path => {
    expect((await operator.get(path)).status).toBe(404)
  })

  test.each(["'; drop table persons; --", '%', '_', '\\', '"', 'ÄÖÜ'.repeat(40)])(
    'a filter such as %j finds nothing and breaks nothing',
    async typed => {
      for (const list of [
        paths.adminPersons,
        paths.adminCustomers,
        paths.adminAssets,
        paths.adminMails,
        paths.adminJobs,
      ])
        for (const name of [
          'person',
          'name',
          'customer',
          'login_id',
          'asset',
          'description',
          'product',
          'to',
          'subject',
          'sort',
          'after',
          'before',
        ])
          expect((await operator.get(list({ [name]: typed }))).status).toBe(200)
      expect((await operator.get(paths.adminPersons())).table('Persons table')).toHaveLength(7)
    },
  )
})
