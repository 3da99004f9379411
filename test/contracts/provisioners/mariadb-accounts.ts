import { createConnection } from 'mariadb'
import { describe, expect, test } from 'vitest'
import { databasePattern, quoted } from '../../../src/provisioners/mariadb/names.ts'
import { kind, listed } from './contract.ts'
import { another, password, type World } from './mariadb-world.ts'

/** Passwords, rights and ends of accounts, on MariaDB and MySQL alike. */
export function accountTests(world: World): void {
  const { ways, open, account, signIn, days } = world

  describe('what is kept of a password', () => {
    test('goes over TLS only', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await world.pair.sql('primary', 'set global require_secure_transport = OFF')
      const plain = createConnection({
        host: '127.0.0.1',
        port: world.pair.port,
        user: one.name,
        password: password.expose(),
        allowPublicKeyRetrieval: true,
      })
      await expect(plain).rejects.toMatchObject({ errno: 1045 })
      await world.pair.sql('primary', 'set global require_secure_transport = ON')
    })
  })

  describe('rights', () => {
    test('a read/write account reads and writes, also what comes later, and nothing else', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await world.pair.sql('primary', 'create table if not exists app.later (id int)')
      const client = await signIn(one, password)
      await client.query('insert into orders values (2)')
      await client.query('insert into later values (1)')
      await expect(client.query('drop table orders')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('create table mine (id int)')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('select user from mysql.user')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('use other')).rejects.toMatchObject({ errno: 1044 })
      await client.end()
    })

    test('a database of any name is that database, and its account of any name that account', async () => {
      const database = "a`b\\_%'ü"
      const escaped = quoted(databasePattern(database))
      await world.pair.sql('primary', "create database `a``b\\_%'ü`")
      await world.pair.sql(
        'primary',
        `grant select, insert, update, delete on ${escaped}.* to gatehouse with grant option`,
      )
      const one = account({ database, name: `dbsrv_"'\\;ü` })
      await open().ensureAccount(one, password)
      expect(await open().proves(one, password)).toBe('proven')
      await open().dropAccount(one)
      await expect(open().ensureAccount(account({ name: 'x'.repeat(200) }), password)).rejects.toMatchObject(
        kind('failed'),
      )
    })

    test('an underscore in the name of its database stands for itself', async () => {
      const one = account({ database: 'app_1' })
      await open().ensureAccount(one, password)
      const client = await signIn(one, password)
      await client.query('insert into things values (1)')
      await expect(client.query('select * from appX1.things')).rejects.toMatchObject({ errno: 1142 })
      await client.end()
    })

    test('nobody gets rights on the server’s own databases', async () => {
      for (const database of ['mysql', 'gatehouse', 'gatehouse_replica']) {
        const made = open().ensureAccount(account({ database }), password)
        await expect(made).rejects.toMatchObject(kind('failed'))
      }
    })

    test('made read-only, it loses the others; given another database, it loses the first', async () => {
      const provisioner = open()
      const one = account()
      await provisioner.ensureAccount(one, password)
      await provisioner.ensureAccount({ ...one, readOnly: true }, password)
      const client = await signIn(one, password)
      await expect(client.query('insert into orders values (3)')).rejects.toMatchObject({ errno: 1142 })
      await client.end()
      await provisioner.ensureAccount({ ...one, database: 'app_1' }, password)
      await expect(signIn(one, password)).rejects.toMatchObject({ errno: 1044 })
      expect(await provisioner.proves({ ...one, database: 'app_1' }, password)).toBe('proven')
      await expect(provisioner.proves(one, password)).rejects.toMatchObject(kind('denied'))
    })

    test('what goes beyond is found', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      for (const statement of [
        `grant create on app.* to ${one.name}`,
        `grant select on other.* to ${one.name}`,
        `grant process on *.* to ${one.name}`,
        `grant proxy on root to ${one.name}`,
        `create role reporting_${one.mark}`,
        `grant reporting_${one.mark} to ${one.name}`,
        `alter user ${one.name} require none`,
        `create user ${one.name}@localhost identified by 'x'`,
      ])
        await world.pair.sql('primary', statement)
      const found = (await listed(open())).filter(other => other.name === one.name)
      expect(found.map(({ mark, unexpected }) => ({ mark, unexpected }))).toEqual([
        {
          mark: one.mark,
          unexpected: [
            'may sign in without TLS',
            'may CREATE on app',
            'may PROCESS on everything',
            'may PROXY on the account root@%',
            'may SELECT on other',
            `has the role reporting_${one.mark}`,
          ],
        },
        { mark: null, unexpected: ['is for the host localhost', 'may sign in without TLS'] },
      ])
      await expect(open().ensureAccount(one, password)).rejects.toMatchObject(kind('not-ours'))
      await expect(open().dropAccount(one)).rejects.toThrow(`there still is ${one.name}@localhost`)
    })
  })

  describe('an end of its own', () => {
    test('too old, a password can’t be proven; a new one can', async () => {
      const one = account({ validUntil: days(-1) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      expect(await provisioner.proves(one, password)).toBe('expired')
      await provisioner.changePassword({ ...one, validUntil: days(90) }, password)
      expect(await provisioner.proves(one, password)).toBe('proven')
    })

    test('too old by the days that the server counts itself', async () => {
      const one = account({ validUntil: days(90) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await world.pair.sql('primary', ways.aged(one.name))
      await world.pair.sql('primary', 'flush privileges')
      expect(await provisioner.proves(one, password)).toBe('expired')
    })

    test('it can be moved, and nothing else with it', async () => {
      const one = account({ validUntil: days(-1) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await provisioner.extend({ ...one, validUntil: days(7) })
      expect(await provisioner.proves(one, password)).toBe('proven')
      const found = (await listed(provisioner)).find(other => other.name === one.name)
      expect(Math.abs((found?.validUntil?.getTime() ?? 0) - days(7).getTime())).toBeLessThan(86_400_000)
      await provisioner.lockAccount(one)
      await provisioner.extend({ ...one, validUntil: null })
      expect(await provisioner.proves(one, password)).toBe('locked')
    })
  })

  test('blocked after too many wrong passwords, it is locked until it gets another one', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const { on, off, said } = ways.blocking(one.name)
    await world.pair.sql('primary', on)
    try {
      expect(await provisioner.proves(one, another)).toBe(said)
      expect(await provisioner.proves(one, password)).toBe('locked')
      await provisioner.changePassword(one, another)
      expect(await provisioner.proves(one, another)).toBe('proven')
    } finally {
      await world.pair.sql('primary', off)
    }
  })
}
