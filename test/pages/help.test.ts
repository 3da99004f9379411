import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { createWorld, type World } from '../support/world.ts'

const guide = [
  'Submitting a Service Request',
  'Reviewing Service Request Results',
  'In the event of a failure',
  'Supported Requests',
  'Obtaining Access To Self-Service Automation',
  'Access Management Tool Overview',
  'Obtaining Access to the Access Management Tool',
  'Supported Access Requests',
  'How to Request CCC Access',
  'How to Transfer a Database Service Account',
  'How to Request Object Storage File Access',
  'How to Request Object Storage Log Access',
  "How to Remove a User's Access",
  'How to Grant an Existing User Access to a Customer',
  "How to Remove a User's Access to a Customer",
  'How to Create a New User',
  'How to Promote an Existing User to Manage Your Customer',
  'How to Approve / Reject an Access Request',
  'Access Re-Validation',
  'Signing in and passwords',
  'Time zones',
  'Keyboard shortcuts',
]

describe('Help', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld('sqlite')
  })
  afterAll(() => world.close())

  test.each(guide)('“%s” can be read without signing in', async title => {
    const agent = visitor(world)
    const index = await agent.get(paths.help())
    const page = await agent.get(index.link(title))
    expect([page.status, page.heading]).toEqual([200, title])
    expect(page.document.querySelectorAll('h1')).toHaveLength(1)
  })

  test('every link inside the guide leads somewhere', async () => {
    const operator = await signIn(world, 'operator')
    const index = await operator.get(paths.help())
    const addresses = new Set<string>()
    for (const title of [
      ...guide,
      'Setting up a customer',
      'Setting up a database server',
      'The drift report',
    ]) {
      const page = await operator.get(index.link(title))
      for (const a of page.main.querySelectorAll('a')) addresses.add(a.getAttribute('href') ?? '')
    }
    for (const address of addresses)
      expect([address, (await operator.get(address)).status]).toEqual([address, 200])
  })

  test('before sign-in it tells nothing of this portal', async () => {
    const page = await visitor(world).get(paths.helpPage('supported-requests'))
    expect(page.text).toContain('Sign in to see what can be requested in this portal.')
    expect(page.text).not.toContain('Restart')
    expect((await visitor(world).get(paths.helpPage('obtaining-access'))).text).not.toContain('Manager 01')
    expect((await visitor(world).get(paths.helpPage('setting-up-a-customer'))).status).toBe(404)
  })

  test('signed in it names the reader’s own managers, and what is offered', async () => {
    const user03 = await signIn(world, 'user03')
    const access = await user03.get(paths.helpPage('obtaining-access'))
    expect(access.text).toContain('The managers of your customers: Manager 03.')
    expect(access.text).not.toContain('Manager 01')
    const matrix = await user03.get(paths.helpPage('supported-requests'))
    expect(matrix.table('Supported Requests Matrix table')[0]).toEqual([
      'Start Asset Management Application',
      'yes',
      'where switched on',
    ])
    const types = await user03.get(paths.helpPage('supported-access-requests'))
    expect(types.table('Supported Access Requests table').map(row => row[0])).toEqual([
      'Self-Service Portal',
      'Client Communications Center',
      'Create Database Service Account',
      'Create Database User Account',
      'Object Storage File Access',
      'Object Storage Log Access',
      'Reset Database Account Password',
    ])
    expect((await user03.get(paths.helpPage('setting-up-a-customer'))).status).toBe(404)
  })

  test('operators read what to prepare on a database server, and what to do after a failover', async () => {
    const page = await (await signIn(world, 'operator')).get(paths.helpPage('setting-up-a-database-server'))
    expect(page.heading).toBe('Setting up a database server')
    for (const words of [
      'Version 14 and 15',
      'Version 16 to 18',
      'create role gatehouse login createrole',
      'revoke connect on database "app" from public;',
      'alter schema public owner to pg_database_owner;',
      'host all +gatehouse_standby_only all reject',
      'put into pg_hba.conf of the new primary',
      'No Db2 was at hand: its contract test runs against a recorded stand-in.',
      'operators can reach what the portal can reach',
    ])
      expect(page.text).toContain(words)
    const user = await signIn(world, 'user01')
    expect((await user.get(paths.helpPage('setting-up-a-database-server'))).status).toBe(404)
  })

  test('a page that does not exist is not found', async () => {
    expect((await visitor(world).get(paths.helpPage('no-such-page'))).status).toBe(404)
  })
})
