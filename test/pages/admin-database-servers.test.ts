import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { serverBinding } from '../../src/database-accounts/servers.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import {
  endingAuthority,
  futureAuthority,
  leafCertificate,
  leafFingerprint,
  oldAuthority,
} from '../support/authorities.ts'
import { testCertificate, testKey } from '../support/certificate.ts'
import { addAssetDatabase, addDatabaseAccount, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { historyOn } from '../support/facts.ts'
import { createWorld, type World } from '../support/world.ts'

const hush = 'Tr0ub4dor&3 <b>“quoted”</b>'
const typed = {
  Name: 'DB one',
  Kind: 'PostgreSQL',
  Host: 'DB1.example.com',
  'Account name': 'gatehouse',
  Password: hush,
  'CA certificates': testCertificate,
}

describe.each(engines)('Administration › Database servers (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const add = (more: Readonly<Record<string, string>> = {}) =>
    operator.fillIn(paths.adminDatabaseServer('new'), { ...typed, ...more }, 'Save')
  const stored = (name: string) =>
    world.deps.db.selectFrom('database_servers').selectAll().where('name', '=', name).executeTakeFirst()
  const storedNow = async (name: string) => {
    const row = await stored(name)
    if (!row) throw new Error(`There is no server ${name}.`)
    return row
  }
  const jobs = async () =>
    (await world.deps.db.selectFrom('jobs').select('unique_key').where('state', '=', 'queued').execute()).map(
      job => job.unique_key,
    )

  test('there is none at first, and the page says how to enter one', async () => {
    const page = await operator.get(paths.adminDatabaseServers())
    expect(page.heading).toBe('Database servers')
    expect(page.text).toContain('There is no database server.')
    expect((await operator.get(page.link('New Database Server'))).heading).toBe('New Database Server')
  })

  test('an empty form is told what it lacks, field by field', async () => {
    const page = await operator.fillIn(paths.adminDatabaseServer('new'), {}, 'Save')
    expect(page.status).toBe(422)
    expect(page.errorOf('Name')).toContain('Type a name')
    expect(page.errorOf('Kind')).toBe('Choose what kind of server it is.')
    expect(page.errorOf('Host')).toContain('Type the host name')
    expect(page.errorOf('Account name')).toContain('Type the name of the account')
    const named = await add({ Password: '' })
    expect(named.errorOf('Password')).toBe('Type the password of that account, or refer to it below.')
  })

  test.each([
    ['Host', 'db1.example.com:5432', 'without port, path, space or user'],
    ['Host', 'postgres://db1.example.com/x', 'without port, path, space or user'],
    ['Host', 'gate@db1.example.com', 'without port, path, space or user'],
    ['Host', 'db one', 'without port, path, space or user'],
    ['Host', '[::1]', 'without port, path, space or user'],
    ['Host', '999.1.1.1', 'without port, path, space or user'],
    ['Host', '-oProxyCommand=x', 'without port, path, space or user'],
    ['Host', 'x'.repeat(254), 'Use at most 253 characters.'],
    ['Port', '0', 'from 1 to 65535'],
    ['Port', '65536', 'from 1 to 65535'],
    ['Port', '5432; drop', 'from 1 to 65535'],
    ['Standby host', 'db1.example.com', 'This is the primary itself.'],
    ['Standby host', 'db2/path', 'without port, path, space or user'],
    ['CA certificates', 'garbage', 'This is no certificate in PEM'],
    [
      'CA certificates',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      'The certificate is damaged and can’t be read.',
    ],
    ['CA certificates', leafCertificate, `is not that of an authority (CA:FALSE)`],
    ['CA certificates', leafCertificate, leafFingerprint],
    [
      'CA certificates',
      `${testCertificate}${oldAuthority}`,
      'Certificate 2, CN=Old CA, has ended on 2021-01-01.',
    ],
    ['CA certificates', futureAuthority, 'holds only from 2100-01-01 on.'],
    ['CA certificates', testCertificate.repeat(21), 'These are 21 certificates.'],
    ['CA certificates', `${testCertificate}${'x'.repeat(70_000)}`, 'This is larger than 64 KiB.'],
    ['Fingerprint of the primary’s certificate', 'ab:cd', '64 characters 0–9 and A–F'],
    ['Fingerprint of the primary’s certificate', leafFingerprint, 'Give either the CA or fingerprints'],
    ['Fingerprint of the standby’s certificate', leafFingerprint, 'Give either the CA or fingerprints'],
    ['Options as JSON', '{', 'This is not JSON.'],
    ['Options as JSON', '[1]', 'Write a JSON object'],
    ['Options as JSON', '{"no_such_option": 1}', 'no_such_option'],
    ['Or a reference to the password', 'env:GATEHOUSE_SECRET_DB', 'not both'],
    ['Name', '   ', 'Type a name'],
  ])('%s: what it may not hold is refused (%#)', async (label, text, words) => {
    const page = await add({ [label]: text })
    expect(page.status).toBe(422)
    expect(page.errorOf(label)).toContain(words)
    expect(page.body).not.toContain('Tr0ub4dor')
    expect(await stored('DB one')).toBeUndefined()
  })

  test('a standby has a host, and a fingerprint only where there is one', async () => {
    const port = await add({ 'Standby port': '5433' })
    expect(port.errorOf('Standby host')).toContain('Type the standby’s host too')
    const pin = await add({
      'CA certificates': '',
      'Fingerprint of the standby’s certificate': leafFingerprint,
    })
    expect(pin.errorOf('Fingerprint of the standby’s certificate')).toContain('There is no standby.')
  })

  test.each(['env:PATH', 'env:GATEHOUSE_SECRET_', 'file:relative', '/etc/passwd', hush])(
    'a reference such as %s is refused, and not shown again',
    async reference => {
      const page = await add({ Password: '', 'Or a reference to the password': reference })
      expect(page.errorOf('Or a reference to the password')).toContain('Use env:GATEHOUSE_SECRET_NAME')
      expect(page.main.querySelector('[name="password_reference"]')?.getAttribute('value') ?? '').toBe('')
    },
  )

  test('a private key is refused and not sent back', async () => {
    const page = await add({ 'CA certificates': `${testCertificate}${testKey}` })
    expect(page.errorOf('CA certificates')).toContain('This holds a private key.')
    expect(page.body).not.toContain('PRIVATE KEY')
  })

  test('more than a form may hold is refused as such', async () => {
    await operator.get(paths.adminDatabaseServer('new'))
    const page = await operator.post(paths.adminDatabaseServer('new'), { ca: 'x'.repeat(1024 * 1024) })
    expect(page.status).toBe(413)
  })

  test('a new server: stored, its password in the vault, to be checked, in the trail', async () => {
    const page = await add({ 'Standby host': '2001:db8::7', Port: '5433' })
    expect(page.flash).toBe('DB one was entered and is being checked.')
    const server = await storedNow('DB one')
    expect(server).toMatchObject({
      engine: 'postgresql',
      host: 'db1.example.com',
      port: 5433,
      standby_host: '2001:db8::7',
      standby_port: 5433,
      credential: null,
      identity: null,
      check_asked_at: world.clock.instant(),
      check_asked_by: null,
    })
    expect(await jobs()).toEqual([`database-server:${server.id}`])
    const kept = await world.deps.vault.open(
      world.deps.db,
      serverBinding(server.id),
      server.credential_secret_id ?? '',
    )
    expect(kept.expose()).toBe(hush)
    expect(page.text).toContain('No check has passed yet')
    expect(page.text).toContain('A check is under way')
    expect(page.text).toContain('CN=Gatehouse tests, valid until')
    expect(historyOn(page)).toEqual(['database-server created'])
    expect(page.body).not.toContain('Tr0ub4dor')
    const list = await operator.get(paths.adminDatabaseServers())
    expect(list.table('Database servers table')).toEqual([
      [
        'DB one',
        'PostgreSQL',
        'db1.example.com:5433',
        '[2001:db8::7]:5433',
        '0',
        '0',
        'not checked yet',
        'ACTIVE',
      ],
    ])
  })

  test('nothing of the password is in the trail, the log of jobs or anywhere in clear', async () => {
    const tables = ['audit_events', 'jobs', 'database_servers', 'mails', 'kept_forms'] as const
    for (const table of tables)
      expect(JSON.stringify(await world.deps.db.selectFrom(table).selectAll().execute())).not.toContain(
        'Tr0ub4dor',
      )
  })

  test('a name is taken once', async () => {
    expect((await add()).errorOf('Name')).toBe(
      'There is a database server called DB one already. Choose another name.',
    )
    expect(await world.deps.db.selectFrom('secrets').selectAll().execute()).toHaveLength(1)
  })

  test('names are text, whatever they hold', async () => {
    const name = '<script>alert(1)</script>"'
    const reference = { Password: '', 'Or a reference to the password': 'env:GATEHOUSE_SECRET_X' }
    const page = await add({ Name: name, 'CA certificates': '', Kind: 'MariaDB or MySQL', ...reference })
    expect(page.heading).toBe(name)
    expect(page.body).not.toContain('<script>alert')
    expect((await storedNow(name)).port).toBe(3306)
    expect(page.text).toContain('none: its certificate can’t be verified')
    await world.deps.db.deleteFrom('database_servers').where('name', '=', name).execute()
  })

  test('a fingerprint is taken as openssl writes it', async () => {
    const page = await add({
      Name: 'Pinned',
      'CA certificates': '',
      'Fingerprint of the primary’s certificate': `sha256 Fingerprint=${leafFingerprint}`,
      Password: '',
      'Or a reference to the password': 'file:/etc/shadow',
    })
    expect(page.flash).toContain('Pinned was entered')
    const server = await storedNow('Pinned')
    expect(server.pin).toBe(leafFingerprint.replaceAll(':', '').toLowerCase())
    expect(server).toMatchObject({ credential: 'file:/etc/shadow', credential_secret_id: null })
    expect(page.body).not.toContain('root:')
  })

  test('an empty password keeps what is stored, a new one takes effect at once, and the old one is forgotten', async () => {
    const before = await storedNow('DB one')
    const kept = await operator.fillIn(
      paths.adminDatabaseServer(before.id),
      { 'Standby host': 'db2.example.com', Password: '' },
      'Save',
    )
    expect(kept.flash).toBe('DB one was saved.')
    expect((await storedNow('DB one')).credential_secret_id).toBe(before.credential_secret_id)
    const changed = await operator.fillIn(
      paths.adminDatabaseServer(before.id),
      { Password: 'another one' },
      'Save',
    )
    const after = await storedNow('DB one')
    const secrets = await world.deps.db.selectFrom('secrets').select('id').execute()
    expect(secrets.map(({ id }) => id)).toEqual([after.credential_secret_id])
    expect(changed.text).toContain('stored in the vault → a new one, stored in the vault')
    const referred = await operator.fillIn(
      paths.adminDatabaseServer(before.id),
      { 'Or a reference to the password': 'env:GATEHOUSE_SECRET_DB_ONE' },
      'Save',
    )
    expect(referred.text).toContain('stored in the vault → env:GATEHOUSE_SECRET_DB_ONE')
    expect(await world.deps.db.selectFrom('secrets').selectAll().execute()).toEqual([])
  })

  test('saved as it is nothing changes; what another operator has changed is not overwritten unseen', async () => {
    const { id, version } = await storedNow('DB one')
    const drawn = await operator.get(paths.adminDatabaseServer(id))
    expect((await operator.press(drawn, 'Save')).flash).toBe('DB one was saved.')
    expect((await storedNow('DB one')).version).toBe(version)
    const other = await signIn(world, 'operator')
    await other.fillIn(paths.adminDatabaseServer(id), { Port: '6000' }, 'Save')
    const page = await operator.fillIn(drawn, { Port: '7000' }, 'Save')
    expect(page.status).toBe(409)
    expect(page.problems.join()).toContain('Another operator has changed this database server meanwhile.')
    expect(page.field('Port')).toBe('7000')
    expect((await storedNow('DB one')).port).toBe(6000)
    expect((await operator.press(page, 'Save')).flash).toBe('DB one was saved.')
    expect((await storedNow('DB one')).port).toBe(7000)
  })

  test('an act needs fresh proof of who one is, and the password typed is not kept meanwhile', async () => {
    const { id } = await storedNow('DB one')
    const drawn = await operator.get(paths.adminDatabaseServer(id))
    world.clock.advance(minutes(16))
    const page = await operator.fillIn(drawn, { Password: hush, Port: '7001' }, 'Save')
    expect(page.heading).not.toBe('DB one')
    const kept = await world.deps.db.selectFrom('kept_forms').selectAll().execute()
    expect(JSON.stringify(kept)).toContain('7001')
    expect(JSON.stringify(kept)).not.toContain('Tr0ub4dor')
    operator = await signIn(world, 'operator')
  })

  test('Check now asks for a check, once for any number of presses', async () => {
    const { id } = await storedNow('DB one')
    for (const _ of [1, 2]) {
      const page = await operator.press(paths.adminDatabaseServer(id), 'Check now')
      expect(page.flash).toContain('DB one is being checked.')
    }
    expect((await storedNow('DB one')).check_asked_by).toBe('OPERATOR01')
    expect((await jobs()).filter(key => key === `database-server:${id}`)).toHaveLength(1)
  })

  describe('with accounts', () => {
    let id: number
    beforeAll(async () => {
      id = await addDatabaseServer(world.deps, { name: 'In use', identity: '{"primary":"1","standby":null}' })
      await addAssetDatabase(world.deps, id, '10000-DEV', { owners: '["app_owner"]' })
      await addDatabaseAccount(world.deps, { serverId: id, name: 'dbsrv_mxe' })
    })

    test('the record names assets and accounts', async () => {
      const page = await operator.get(paths.adminDatabaseServer(id))
      expect(page.table('Databases table')).toEqual([
        ['10000-DEV', expect.any(String), 'app', '10000_dev', 'app_owner', 'ACTIVE'],
      ])
      expect(page.table('Accounts table')).toEqual([['dbsrv_mxe', 'USER02', '10000-DEV', 'APPROVED']])
    })

    test('another address or name is saved with a warning, and what it said of itself stays known', async () => {
      const page = await operator.fillIn(paths.adminDatabaseServer(id), { Host: 'db9.example.com' }, 'Save')
      expect(page.flash).toContain('1 account is open on it')
      expect((await storedNow('In use')).identity).not.toBeNull()
      const renamed = await operator.fillIn(paths.adminDatabaseServer(id), { Name: 'Renamed' }, 'Save')
      expect(renamed.flash).toContain('1 account is open on it')
      await operator.fillIn(paths.adminDatabaseServer(id), { Name: 'In use' }, 'Save')
    })

    test('with another CA, what its owners are shown is fetched anew', async () => {
      const fetched = async () => (await jobs()).filter(key => key === `certificates:${id}`)
      await world.deps.db.deleteFrom('jobs').execute()
      await operator.fillIn(paths.adminDatabaseServer(id), { Name: 'Renamed' }, 'Save')
      await operator.fillIn(paths.adminDatabaseServer(id), { Name: 'In use' }, 'Save')
      expect(await fetched()).toEqual([])
      const ca = { 'CA certificates': `${testCertificate}${endingAuthority}` }
      await operator.fillIn(paths.adminDatabaseServer(id), ca, 'Save')
      expect(await fetched()).toHaveLength(1)
    })

    test('a change to a suspended one has it checked for the operator, who has looked at it with that', async () => {
      const set = (suspended_at: string | null) =>
        world.deps.db.updateTable('database_servers').set({ suspended_at }).where('id', '=', id).execute()
      const askerAfter = async (port: string) => {
        await operator.fillIn(paths.adminDatabaseServer(id), { Port: port }, 'Save')
        return (await storedNow('In use')).check_asked_by
      }
      expect(await askerAfter('5440')).toBeNull()
      await set(world.clock.instant())
      const page = await operator.get(paths.adminDatabaseServer(id))
      const help = await operator.get(page.link('What to do after a failover'))
      expect(help.text).toContain('After a failover')
      expect(await askerAfter('5441')).toBe('OPERATOR01')
      await set(null)
    })

    test('it can’t be retired, and says which accounts stand in the way', async () => {
      const asked = await operator.get(paths.adminDatabaseServerEvent(id, 'retire'))
      expect(asked.text).toContain('It can’t be retired yet: this account is open on it.')
      expect(asked.text).toContain('dbsrv_mxe, USER02 on 10000-DEV: APPROVED')
      expect(asked.buttons).not.toContain('Retire')
      const refused = await operator.post(paths.adminDatabaseServerEvent(id, 'retire'))
      expect(refused.flash).toContain(
        'In use can’t be retired: 1 account is open on it: dbsrv_mxe (USER02, 10000-DEV).',
      )
      expect((await storedNow('In use')).status).toBe('ACTIVE')
    })

    test('when they are gone it is retired, named as such, and put back in use', async () => {
      await world.deps.db.updateTable('accesses').set({ status: 'REMOVED' }).execute()
      const now = world.clock.instant()
      const finding = {
        server_id: id,
        kind: 'ORPHAN',
        name: 'dbsrv_old',
        detail: '',
        found_at: now,
        seen_at: now,
      } as const
      await world.deps.db.insertInto('drift_findings').values(finding).execute()
      const asked = await operator.get(paths.adminDatabaseServerEvent(id, 'retire'))
      expect(asked.text).toContain('Database accounts are then not offered on 10000-DEV.')
      const page = await operator.press(asked, 'Retire')
      expect(page.flash).toBe('In use is retired: nothing is granted on it any more.')
      expect(await world.deps.db.selectFrom('drift_findings').select('settled_how').execute()).toEqual([
        { settled_how: 'The server was retired.' },
      ])
      expect((await operator.press(asked, 'Retire')).flash).toContain('In use is RETIRED already.')
      const again = await operator.press(paths.adminDatabaseServer(id), 'Put back in use')
      expect(again.flash).toBe('In use is in use again.')
      expect(historyOn(again).slice(0, 2)).toEqual([
        'database-server put back in use',
        'database-server retired',
      ])
    })

    test('without accounts another address is a new server: it has to pass a check first', async () => {
      await operator.fillIn(paths.adminDatabaseServer(id), { Host: 'db10.example.com' }, 'Save')
      expect((await storedNow('In use')).identity).toBeNull()
    })
  })

  test('what needs operators is told on Administration', async () => {
    const id = await addDatabaseServer(world.deps, {
      name: 'Worrying',
      ca: endingAuthority,
      check_result: JSON.stringify([
        {
          level: 'failed',
          what: 'CONNECT',
          says: 'PUBLIC may connect.\nREVOKE CONNECT ON DATABASE app FROM PUBLIC;',
        },
        { level: 'ok', what: 'TLS', says: 'It is encrypted.' },
      ]),
      suspended_at: world.clock.instant(),
      suspended_why: 'it was promoted, restored from a backup or replaced',
      look_error: 'Nothing answers at db1.example.invalid.',
    })
    await addDatabaseAccount(world.deps, {
      serverId: id,
      name: 'dbusr_user02',
      account: {
        certificate_error: 'It is signed by another CA.',
        certificate_expires_at: '2026-03-15T00:00:00.000Z',
      },
    })
    const { text } = await operator.get(paths.admin())
    for (const words of [
      'Database server Worrying is suspended with its accounts: it was promoted, restored from a backup or replaced.',
      'Database server Worrying: one point of the last check failed.',
      'Database server Worrying could not be asked: Nothing answers at db1.example.invalid.',
      'The certificate of Worrying (primary) can’t be verified: It is signed by another CA.',
      'The certificate of Worrying (primary) ends on 2026-03-15.',
      'The CA CN=Ending CA of Worrying ends on 2026-03-20.',
      'Database server DB one has not been checked yet: nothing is offered on it.',
    ])
      expect(text).toContain(words)
    const page = await operator.get(paths.adminDatabaseServer(id))
    expect(page.text).toContain('This server is suspended')
    expect(page.text).toContain(
      'failed CONNECT: PUBLIC may connect.REVOKE CONNECT ON DATABASE app FROM PUBLIC;',
    )
    expect(page.text).toContain('ok TLS: It is encrypted.')
  })

  test('is not there for others, nor what is not there', async () => {
    const { id } = await storedNow('DB one')
    for (const name of ['user01', 'manager01'])
      for (const path of [paths.adminDatabaseServers(), paths.adminDatabaseServer(id)])
        expect((await (await signIn(world, name)).get(path)).status).toBe(404)
    for (const path of [paths.adminDatabaseServer(4711), paths.adminDatabaseServerEvent(4711, 'retire')])
      expect((await operator.get(path)).status).toBe(404)
    for (const event of ['check', 'retire', 'use'] as const) {
      await operator.get(paths.adminDatabaseServers())
      expect((await operator.post(paths.adminDatabaseServerEvent(4711, event))).status).toBe(404)
    }
  })
})
