import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { literal } from '../../../src/provisioners/mariadb/names.ts'
import { mariadbRights } from '../../../src/provisioners/mariadb/rights.ts'
import { mariadbVerifier } from '../../../src/provisioners/mariadb/verifier.ts'
import type { Account } from '../../../src/provisioners/provisioner.ts'
import { mariadbFlavour } from '../../support/mariadb-flavours.ts'
import { mariadbPrograms } from '../../support/mariadb-programs.ts'
import { kind, provisionerContract } from './contract.ts'
import { accountTests } from './mariadb-accounts.ts'
import { checkTests } from './mariadb-checks.ts'
import { serverTests } from './mariadb-servers.ts'
import { mariadbWorld, password, type Ways } from './mariadb-world.ts'

const ways: Ways = {
  flavour: mariadbFlavour,
  rights: mariadbRights,
  aged: name =>
    `update mysql.global_priv set priv = json_set(priv, '$.password_last_changed', unix_timestamp() - 100 * 86400) where user = '${name}'`,
  blocking: () => ({
    on: 'set global max_password_errors = 1',
    off: 'set global max_password_errors = default',
    said: 'refused',
  }),
  unnoted: name =>
    `update gatehouse.accounts a join mysql.global_priv p on p.user = a.name
      set a.state = 'making', a.digest = sha2(concat('ed25519', char(0), json_value(priv, '$.authentication_string')), 256)
      where a.name = '${name}'`,
  hold: 'lock tables mysql.global_priv write, mysql.user write',
  neededRight: 'CONNECTION ADMIN',
  everybody: {
    on: ['grant select on other.* to public'],
    off: ['revoke select on other.* from public'],
    says: 'REVOKE ALL ON `other`.* FROM PUBLIC;',
  },
  certificateFor: -86_400_000,
  lastMessage: 3,
}

if (mariadbPrograms()) describe('MariaDB', mariadbTests)
else
  test('MariaDB was not tried: this machine has none, and nobody may install it', () => {
    expect(process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')).toBe(false)
  })

function mariadbTests(): void {
  const world = mariadbWorld(ways)
  const { open, account } = world
  provisionerContract(world.fixture)
  accountTests(world)
  serverTests(world)
  checkTests(world)

  describe('what is kept of a password', () => {
    test('is what the server would have made of it', async () => {
      for (const plugin of ['ed25519', 'mysql_native_password'] as const) {
        const one = account()
        await world.pair.sql(
          'primary',
          `create user ${one.name} identified via ${plugin} using password(${literal(password.expose())})`,
        )
        const [row] = await world.pair.sql<{ text: string }>(
          'primary',
          `select json_value(priv, '$.authentication_string') as text from mysql.global_priv where user = '${one.name}'`,
        )
        expect(mariadbVerifier(plugin, password).text).toBe(row?.text)
      }
    })

    test('is ed25519, or the older one where the server has nothing better', async () => {
      const pluginOf = async ({ name }: Account) =>
        (
          await world.pair.sql<{ plugin: string }>(
            'primary',
            `select plugin from mysql.user where user = '${name}'`,
          )
        )[0]?.plugin
      const provisioner = open()
      const [one, older] = [account(), account()]
      await provisioner.ensureAccount(one, password)
      expect(await pluginOf(one)).toBe('ed25519')
      await world.pair.sql('primary', `uninstall soname 'auth_ed25519'`)
      try {
        await provisioner.ensureAccount(older, password)
        expect(await pluginOf(older)).toBe('mysql_native_password')
        expect(await provisioner.proves(older, password)).toBe('proven')
        const found = (await provisioner.check([])).find(line => line.what === 'How passwords are kept')
        expect(found).toMatchObject({ level: 'warning' })
      } finally {
        await world.pair.sql('primary', `install soname 'auth_ed25519'`)
      }
      expect(await provisioner.proves(one, password)).toBe('proven')
    })
  })

  test('notices that the server refuses what it is sent instead of passwords', async () => {
    await world.pair.sql('primary', `install soname 'simple_password_check'`)
    const found = await open().check([])
    await expect(open().ensureAccount(account(), password)).rejects.toMatchObject(kind('failed'))
    await world.pair.sql('primary', `uninstall soname 'simple_password_check'`)
    expect(found.map(line => line.says).join('\n')).toContain('SET GLOBAL strict_password_validation = OFF;')
  })

  test('a server that would have a password in clear, inside TLS too, gets none', async () => {
    await world.pair.sql('primary', `install soname 'auth_pam'`)
    await world.pair.sql('primary', `create user clear_admin identified via pam using 'mariadb'`)
    await expect(open({ access: { adminName: 'clear_admin' } }).identify()).rejects.toThrow(
      /Unsupported authentication plugin dialog/,
    )
  })
}
