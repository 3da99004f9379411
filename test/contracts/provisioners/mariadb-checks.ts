import { describe, expect, test } from 'vitest'
import type { CheckLine } from '../../../src/provisioners/provisioner.ts'
import { password, type World } from './mariadb-world.ts'

/** The check of a server, on MariaDB and MySQL alike. */
export function checkTests(world: World): void {
  const { ways, open, account, fixture } = world

  describe('the check', () => {
    const databases = [
      { asset: '10000-DEV', database: 'app', group: '10000_dev', owners: [], production: false },
      { asset: '10000-PRD', database: 'app', group: '10000_prd', owners: [], production: true },
    ]
    const bad = (lines: readonly CheckLine[]) => lines.filter(line => line.level !== 'ok')
    const says = (lines: readonly CheckLine[]) => lines.map(line => line.says).join('\n')

    test('finds nothing to say where all is as it should be, and leaves nothing behind', async () => {
      const lines = await open().check(databases)
      expect(bad(lines)).toEqual([])
      expect(lines.length).toBeGreaterThan(10)
      for (const on of ['primary', 'standby'] as const)
        expect(
          await world.pair.sql(
            on,
            `select user from mysql.user where user like 'gatehouse!_check%' escape '!'`,
          ),
        ).toEqual([])
    })

    test('finds what everybody may do, and a database that a test account gets into', async () => {
      for (const statement of ways.everybody.on) await world.pair.sql('primary', statement)
      const found = bad(await open().check(databases))
      for (const statement of ways.everybody.off) await world.pair.sql('primary', statement)
      expect(says(found)).toContain(ways.everybody.says)
      expect(says(found)).toContain('gets into other too')
    })

    test('says which rights are missing, and that a standby must be read-only', async () => {
      await world.pair.sql('primary', `revoke ${ways.neededRight} on *.* from gatehouse`)
      const found = bad(await open().check(databases))
      await world.pair.sql('primary', `grant ${ways.neededRight} on *.* to gatehouse`)
      expect(says(found)).toContain(`GRANT ${ways.neededRight} ON *.* TO 'gatehouse'@'%';`)
      await world.pair.sql('standby', 'set global read_only = OFF')
      const open2 = bad(await open().check(databases))
      await world.pair.sql('standby', 'set global read_only = ON')
      expect(says(open2)).toContain('SET GLOBAL read_only = ON;')
    })

    test('is not disturbed by another one', async () => {
      const both = await Promise.all([open().check(databases), open().check(databases)])
      expect(both.flatMap(bad)).toEqual([])
    })

    test('takes away what an earlier check has left', async () => {
      const left = account({ name: 'gatehouse_check_000000000000', mark: 0 })
      await open().ensureAccount(left, password)
      await open().check(databases)
      expect(await fixture().exists(left.name, 'primary')).toBe(false)
    })
  })
}
