import { describe, expect, test } from 'vitest'
import { cachingSha2, type StorageFormat } from '../../../src/provisioners/mariadb/caching-sha2.ts'
import { mysqlRights } from '../../../src/provisioners/mariadb/rights.ts'
import { Secret } from '../../../src/secret.ts'
import { mysqlFlavour } from '../../support/mariadb-flavours.ts'
import { mysqlProgram } from '../../support/mariadb-programs.ts'
import { listed, provisionerContract } from './contract.ts'
import { accountTests } from './mariadb-accounts.ts'
import { checkTests } from './mariadb-checks.ts'
import { serverTests } from './mariadb-servers.ts'
import { adminPassword, another, mariadbWorld, password, type Ways, type World } from './mariadb-world.ts'

const ways: Ways = {
  flavour: mysqlFlavour,
  rights: mysqlRights,
  aged: name =>
    `update mysql.user set password_last_changed = now() - interval 100 day where user = '${name}'`,
  blocking: name => ({
    on: `alter user ${name} failed_login_attempts 1 password_lock_time unbounded`,
    off: `alter user ${name} failed_login_attempts 0 password_lock_time 0`,
    said: 'locked',
  }),
  unnoted: name =>
    `update gatehouse.accounts a join mysql.user u on u.user = a.name
      set a.state = 'making', a.digest = sha2(concat('caching_sha2_password', char(0), u.authentication_string), 256)
      where a.name = '${name}'`,
  hold: 'lock tables mysql.user write',
  neededRight: 'CONNECTION_ADMIN',
  everybody: {
    on: [
      'create role everybody',
      'grant select on other.* to everybody',
      `set global mandatory_roles = 'everybody'`,
      'set global activate_all_roles_on_login = ON',
    ],
    off: [
      'set global mandatory_roles = default',
      'set global activate_all_roles_on_login = default',
      'drop role everybody',
    ],
    says: `SET PERSIST mandatory_roles = '';`,
  },
  // It takes none that has expired already.
  certificateFor: 5_000,
  lastMessage: 4,
}

if (mysqlProgram()) describe('MySQL', mysqlTests)
else
  test('MySQL was not tried: this machine has none', () => {
    expect(mysqlProgram()).toBeNull()
  })

function mysqlTests(): void {
  const world = mariadbWorld(ways)
  provisionerContract(world.fixture)
  accountTests(world)
  serverTests(world)
  checkTests(world)
  describe('what MySQL keeps of a password', () => passwordTests(world))
  ownWays(world)
}

function passwordTests(world: World): void {
  const { open, account } = world

  test('of an account that is not there it says refused, by whatever plugin the server asks for it', async () => {
    const provisioner = open()
    for (let n = 0; n < 30; n += 1) {
      const nobody = account({ name: `dbsrv_nobody${n}` })
      expect(await provisioner.proves(nobody, new Secret('Correct_Horse%1234'))).toBe('refused')
    }
  })

  const kept = async (name: string) => {
    const rows = await world.pair.sql<{ plugin: string; text: string }>(
      'primary',
      `select plugin as plugin, convert(authentication_string using utf8mb4) as text from mysql.user where user = '${name}'`,
    )
    return rows[0]?.plugin === 'caching_sha2_password' ? rows[0].text : ''
  }
  const storing = async (format: StorageFormat, rounds: number, enforced = 'OFF') => {
    for (const setting of [
      'enforce_storage_format = OFF',
      `storage_format = '${format}'`,
      `digest_rounds = ${rounds}`,
      `enforce_storage_format = ${enforced}`,
    ])
      await world.pair.sql('primary', `set global caching_sha2_password_${setting}`)
  }

  test.each([
    ['CRYPT5', 5000],
    ['CRYPT5', 17_000],
    ['PBKDF2_SHA512', 10_000],
  ] as const)(
    'is what it would have made of it, as %s of %i rounds, and no other where that is enforced',
    async (format, rounds) => {
      const [one, older] = [account(), account()]
      await storing(format === 'CRYPT5' ? 'PBKDF2_SHA512' : 'CRYPT5', 10_000)
      await open().ensureAccount(older, password)
      await storing(format, rounds)
      // Nobody else may be shut out by it.
      await world.pair.sql('primary', `alter user root identified by '${world.pair.superuser.password}'`)
      await world.pair.sql('primary', `alter user gatehouse identified by '${adminPassword}'`)
      await storing(format, rounds, 'ON')
      try {
        await world.pair.sql('primary', `create user theirs${one.mark} identified by '${password.expose()}'`)
        const theirs = await kept(`theirs${one.mark}`)
        const salt = Buffer.from(theirs.slice(7, 27))
        expect(cachingSha2(password.expose(), salt, { format, rounds })).toBe(theirs)
        await open().ensureAccount(one, password)
        expect((await kept(one.name)).slice(0, 7)).toBe(theirs.slice(0, 7))
        expect(await open().proves(one, password)).toBe('proven')
        expect(await open().proves(older, password)).toBe('expired')
        await open().changePassword(older, another)
        expect(await open().proves(older, another)).toBe('proven')
      } finally {
        await storing('CRYPT5', 10_000)
      }
    },
  )

  test('of an account that was taken over stays what it was when its end is moved, whatever its salt holds', async () => {
    for (const _ of Array(5)) {
      const one = account()
      await world.fixture().makeForeign(one.name)
      const before = await kept(one.name)
      await open().adopt(one.name, one.mark)
      await open().extend({ ...one, validUntil: world.days(9) })
      expect(await kept(one.name)).toBe(before)
    }
  })

  test('blocked and locked, a new one ends the block and not the lock', async () => {
    const one = account()
    await open().ensureAccount(one, password)
    await world.pair.sql('primary', ways.blocking(one.name).on)
    expect(await open().proves(one, another)).toBe('locked')
    await open().lockAccount(one)
    await open().changePassword(one, another)
    expect(await open().proves(one, another)).toBe('locked')
    await world.pair.sql('primary', `alter user ${one.name} account unlock`)
    expect(await open().proves(one, another)).toBe('proven')
    // What an administrator has set for it stays.
    expect(await open().proves(one, password)).toBe('locked')
  })

  test('may be the same again, whatever it was before', async () => {
    const one = account()
    await world.pair.sql('primary', 'set global password_history = 5')
    try {
      for (const secret of [password, password, another, password]) {
        await open().ensureAccount(one, secret)
        await open().changePassword(one, secret)
        expect(await open().proves(one, secret)).toBe('proven')
      }
    } finally {
      await world.pair.sql('primary', 'set global password_history = default')
    }
  })
}

function ownWays(world: World): void {
  const { open, account } = world

  test('an underscore stands for itself where partial revokes are on, without being escaped', async () => {
    await world.pair.sql('primary', 'set global partial_revokes = ON')
    try {
      await world.pair.sql(
        'primary',
        'grant select, insert, update, delete on app_1.* to gatehouse with grant option',
      )
      const one = account({ database: 'app_1' })
      await open().ensureAccount(one, password)
      const client = await world.signIn(one, password)
      await client.query('insert into things values (2)')
      await expect(client.query('select * from appX1.things')).rejects.toMatchObject({ errno: 1142 })
      await client.end()
      expect((await listed(open())).find(found => found.name === one.name)?.unexpected).toEqual([])
      await open().dropAccount(one)
      await world.pair.sql('primary', 'revoke all on app_1.* from gatehouse')
      await world.pair.sql('primary', 'revoke grant option on app_1.* from gatehouse')
    } finally {
      await world.pair.sql('primary', 'set global partial_revokes = OFF')
    }
  })

  test('an account that things go by is taken away, and they are named', async () => {
    const one = account()
    await open().ensureAccount(one, password)
    for (const statement of [
      `create definer = ${one.name} procedure app.left_behind${one.mark}() select 1`,
      `create definer = ${one.name} event app.left_behind${one.mark} on schedule every 1 year do select 1`,
      `create definer = ${one.name} trigger app.left_behind${one.mark} before insert on app.orders for each row set @x = 1`,
    ])
      await world.pair.sql('primary', statement)
    const { notes } = await open().dropAccount(one)
    await world.pair.sql('primary', `drop trigger app.left_behind${one.mark}`)
    expect(notes).toEqual(
      ['trigger', 'routine', 'event'].map(what => `1 ${what} had it as DEFINER and needs another one.`),
    )
  })

  test('a standby that lets nobody write is named by the check', async () => {
    await world.pair.sql('standby', 'set global super_read_only = ON')
    try {
      const found = (await open().check([])).find(line => line.what === 'Standby')
      expect(found).toMatchObject({ level: 'failed' })
      expect(found?.says).toContain('SET PERSIST super_read_only = OFF;')
    } finally {
      await world.pair.sql('standby', 'set global super_read_only = OFF')
    }
  })

  test('a server is known by its UUID', async () => {
    const { primary, standby } = await open().identify()
    for (const [on, said] of [
      ['primary', primary],
      ['standby', standby],
    ] as const) {
      const [row] = await world.pair.sql<{ id: string }>(on, 'select @@global.server_uuid as id')
      expect(said).toMatch(new RegExp(`^${row?.id} ${on}`))
    }
  })
}
