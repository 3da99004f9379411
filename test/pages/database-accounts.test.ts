import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { days, hours, minutes } from '../../src/clock.ts'
import { accountBinding } from '../../src/database-accounts/accounts.ts'
import { paths } from '../../src/paths.ts'
import { accessTrail } from '../support/accesses.ts'
import { type Agent, type Fields, signIn } from '../support/agent.ts'
import { addAccountWithPassword, addAssetDatabase, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { words } from '../support/words.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const password = 'Correct_Horse%1234'
const chosen = 'Chosen_By_Me%4321'
const certificate = '-----BEGIN CERTIFICATE-----\nMIIDvDCCAqSg\n-----END CERTIFICATE-----\n'
const names = ['user01', 'user02', 'user03', 'manager01', 'operator'] as const

describe.each(engines)('a database account (%s)', engine => {
  let world: World
  let serverId: number
  let accessId: number
  let accountId: number
  let made = 0
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    serverId = await addDatabaseServer(world.deps)
    await addAssetDatabase(world.deps, serverId, '10000-DEV')
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    const { db } = world.deps
    for (const table of [
      'password_candidates',
      'password_changes',
      'database_accounts',
      'access_drafts',
    ] as const)
      await db.deleteFrom(table).execute()
    await db.deleteFrom('accesses').where('person_id', '=', 'USER02').execute()
    await db.updateTable('sessions').set({ identified_at: world.clock.instant() }).execute()
    await addAccount({})
  })

  async function addAccount(over: { kind?: 'user'; account?: object; access?: object }) {
    const prefix = over.kind === 'user' ? 'dbusr' : 'dbsrv'
    const account = { certificate, certificate_at: world.clock.instant(), ...over.account }
    const added = { serverId, name: `${prefix}_app${++made}`, account, access: over.access ?? {} }
    ;({ accessId, accountId } = await addAccountWithPassword(world.deps, added, password))
  }

  async function as(name: (typeof names)[number]): Promise<Agent> {
    const known = agents.get(name)
    if (known) return known
    const agent = await signIn(world, name)
    agents.set(name, agent)
    return agent
  }
  const record = () => paths.manageAccess('USER02', { asset: '10000-DEV', access: accessId })
  const output = (page: ShownPage) => words(page.main.querySelector('output'))
  const account = () =>
    world.deps.db
      .selectFrom('database_accounts')
      .selectAll()
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
  const changes = () =>
    world.deps.db.selectFrom('password_changes').selectAll().where('account_id', '=', accountId).execute()
  /** This account's fields only: earlier ones stand on the page, too. */
  const form = (page: ShownPage, button: string, fields: Fields): [string, Fields] => {
    const { fields: all } = page.formWith('Save', []).filled({})
    const path = {
      Show: paths.showAccount,
      Reset: paths.resetDatabasePassword,
      Cancel: paths.cancelDatabaseReset,
    }[button]
    return [path?.('USER02', accessId) ?? '', { ...all, ...fields }]
  }
  const show = async (agent: Agent, fields: Fields = { [`show_${accessId}`]: 'yes' }) =>
    agent.post(...form(await agent.get(record()), 'Show', { do: `show ${accessId}`, ...fields }))
  const reset = async (agent: Agent, fields: Fields = {}) =>
    agent.post(...form(await agent.get(record()), 'Reset', { do: `reset ${accessId}`, ...fields }))

  /** Wherever anything is kept for good. */
  async function everythingKept(): Promise<string> {
    const { db } = world.deps
    const tables = [
      'audit_events',
      'mails',
      'access_drafts',
      'kept_forms',
      'accesses',
      'jobs',
      'database_accounts',
      'password_changes',
      'password_candidates',
    ] as const
    const rows = await Promise.all(tables.map(table => db.selectFrom(table).selectAll().execute()))
    return JSON.stringify(rows)
  }

  describe('its configuration', () => {
    test('stands in the Details, without anything secret', async () => {
      const page = await (await as('user02')).get(record())
      expect(page.text).toContain('Database Account Configuration')
      for (const [label, value] of [
        ['Host', 'db1.example.invalid'],
        ['Port', '5432'],
        ['Database', 'app'],
        ['Rights', 'read and write, on the primary database server'],
      ] as const)
        expect(factOf(page, label)).toBe(value)
      expect(factOf(page, 'Database Account Password Expiration Date')).toContain('2027')
      const { name } = await account()
      expect(page.text).toContain(`postgresql://${name}@db1.example.invalid:5432/app?`)
      expect(page.text).toContain('••••••••••')
      expect(page.body).not.toContain(password)
      expect(page.body).not.toContain('BEGIN CERTIFICATE')
    })

    test('managers and operators see it, without what is the owner’s', async () => {
      for (const name of ['manager01', 'operator'] as const) {
        const page = await (await as(name)).get(record())
        expect(factOf(page, 'Host')).toBe('db1.example.invalid')
        expect(page.text).toContain('Only User 02 can show it.')
        expect(page.body).not.toMatch(/Show Database|New Database Password/)
        expect(page.buttons).toContain('Reset Database Password')
      }
    })

    test('nothing is there to show or to reset before it has been made', async () => {
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'PROCESSING' })
        .where('id', '=', accessId)
        .execute()
      const page = await (await as('user02')).get(record())
      expect(factOf(page, 'Database Account ID')).toBe((await account()).name)
      expect((await show(await as('user02'))).status).toBe(409)
      expect((await reset(await as('user02'))).flash).toMatch(/can.t be reset/)
    })
  })

  describe('Show Database Password?', () => {
    test('shows it to the owner on the answer of a POST, once, and records it', async () => {
      const user02 = await as('user02')
      const shown = await show(user02)
      expect([shown.status, output(shown)]).toEqual([200, password])
      expect(shown.headers['cache-control']).toBe('no-store')
      expect(words(shown.document.querySelector(`label[for="database-password-${accessId}"]`))).toBe(
        'Database Password',
      )
      expect(shown.field('Show Database Password?')).toBe(true)
      expect(shown.body).not.toContain('BEGIN CERTIFICATE')
      expect((await user02.get(record())).body).not.toContain(password)
      expect((await user02.get(paths.showAccount('USER02', accessId))).body).not.toContain(password)
      expect(await accessTrail(world, accessId)).toEqual(['password shown'])
      expect(await everythingKept()).not.toContain(password)
    })

    test('with the certificate, to copy and to save', async () => {
      const shown = await show(await as('user02'), {
        [`show_${accessId}`]: 'yes',
        [`show_certificate_${accessId}`]: 'yes',
      })
      expect(output(shown)).toBe(password)
      expect(shown.main.querySelector('textarea[readonly]')?.textContent.trim()).toBe(certificate.trim())
      expect(decodeURIComponent(shown.link('Download Database SSL Certificate'))).toContain(certificate)
      expect(await accessTrail(world, accessId)).toEqual(['password shown', 'certificate shown'])
    })

    test('hides both again, and needs no proof for that', async () => {
      const user02 = await as('user02')
      await show(user02)
      world.clock.advance(minutes(16))
      const hidden = await show(user02, {})
      expect([hidden.heading, hidden.main.querySelector('output')]).toEqual(['User 02', null])
      expect(await accessTrail(world, accessId)).toEqual(['password shown'])
    })

    test('asks who is there after 15 minutes, and comes back without showing anything', async () => {
      const user02 = await as('user02')
      const drawn = await user02.get(record())
      world.clock.advance(minutes(16))
      const asked = await user02.post(
        ...form(drawn, 'Show', { do: `show ${accessId}`, [`show_${accessId}`]: 'yes' }),
      )
      expect(asked.heading).toBe('Identify yourself again')
      const back = await user02.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
      expect([back.heading, back.main.querySelector('output')]).toEqual(['User 02', null])
      expect(back.main.querySelector(`#field-show_${accessId}`)?.hasAttribute('checked')).toBe(true)
      expect(await accessTrail(world, accessId)).toEqual([])
      expect(output(await show(user02))).toBe(password)
    })

    test('to nobody else: not to managers, not to operators, not to outsiders', async () => {
      expect((await show(await as('manager01'))).status).toBe(403)
      expect((await show(await as('operator'))).status).toBe(403)
      for (const name of ['user01', 'user03'] as const) {
        const agent = await as(name)
        await agent.get(paths.profile())
        const path = paths.showAccount('USER02', accessId)
        for (const fields of [{}, { [`show_${accessId}`]: 'yes' }])
          expect((await agent.post(path, fields)).status).toBe(404)
        expect((await agent.get(path)).status).toBe(404)
        const own = paths.showAccount(name.toUpperCase(), accessId)
        expect((await agent.post(own, { [`show_${accessId}`]: 'yes' })).status).toBe(404)
      }
      expect(await accessTrail(world, accessId)).toEqual([])
    })

    test('where it is SUSPENDED there is nothing to show', async () => {
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'SUSPENDED' })
        .where('id', '=', accessId)
        .execute()
      const refused = await show(await as('user02'))
      expect([refused.status, refused.main.querySelector('output')]).toEqual([409, null])
      expect(refused.text).toContain('Nothing can be shown of an access that is SUSPENDED.')
    })

    test('what another record’s secret says instead is refused', async () => {
      const other = await world.deps.vault.store(
        world.deps.db,
        accountBinding(accountId + 1000),
        await secretOf(accountId),
      )
      await world.deps.db
        .updateTable('database_accounts')
        .set({ secret_id: other })
        .where('id', '=', accountId)
        .execute()
      const refused = await show(await as('user02'))
      expect([refused.status, refused.body.includes(password)]).toEqual([409, false])
      expect(refused.text).toContain('The portal can’t read this password any more.')
    })

    test('while a new one is on its way the old one is shown, and said to be', async () => {
      const user02 = await as('user02')
      await reset(user02)
      const shown = await show(user02)
      expect(output(shown)).toBe(password)
      expect(shown.text).toContain('A new password is on its way since')
    })

    test('a certificate that was never verified is not shown; one that was stays', async () => {
      const user02 = await as('user02')
      const failing = { certificate_error: 'db1.example.invalid: self-signed certificate.' }
      await world.deps.db
        .updateTable('database_accounts')
        .set({ ...failing, certificate: null })
        .where('id', '=', accountId)
        .execute()
      const none = await show(user02, { [`show_certificate_${accessId}`]: 'yes' })
      expect([none.status, none.body.includes('BEGIN')]).toEqual([409, false])
      expect(none.text).toContain('self-signed certificate')
      await world.deps.db
        .updateTable('database_accounts')
        .set({ certificate })
        .where('id', '=', accountId)
        .execute()
      const old = await show(user02, { [`show_certificate_${accessId}`]: 'yes' })
      expect(old.body).toContain('BEGIN CERTIFICATE')
      expect(old.text).toContain('was not believed, so it replaces nothing')
    })
  })

  describe('Reset Database Password', () => {
    const newPassword = (text: string) => ({ [`new_password_${accessId}`]: text })

    test('begins with a generated one: the old one is good until it is done', async () => {
      const page = await reset(await as('user02'))
      const { name } = await account()
      expect(page.flash).toContain(`The password of ${name} is being reset.`)
      expect(await changes()).toMatchObject([{ reason: 'asked', asked_by: 'USER02', step: 'INTENT' }])
      expect(page.text).toContain('RESETTING PASSWORD')
      expect(page.text).toContain('The password is being reset. It can be reset again when that is done.')
    })

    test('takes the one that was chosen, and keeps it nowhere but in the vault', async () => {
      const page = await reset(await as('user02'), newPassword(chosen))
      expect(page.flash).toContain('is being reset')
      expect(page.body).not.toContain(chosen)
      const candidate = await world.deps.db
        .selectFrom('password_candidates')
        .innerJoin('password_changes', 'password_changes.id', 'password_candidates.change_id')
        .where('account_id', '=', accountId)
        .select(['secret_id', 'given'])
        .executeTakeFirstOrThrow()
      expect(candidate.given).toBe(1)
      const stored = await world.deps.vault.open(
        world.deps.db,
        accountBinding(accountId),
        candidate.secret_id ?? '',
      )
      expect(stored.expose()).toBe(chosen)
      expect(await everythingKept()).not.toContain(chosen)
    })

    test.each([
      ['Short_1', 'has 7 characters'],
      ['onlylowercaseletters', 'Mix at least two'],
      ['With space 1234567', 'not allowed'],
      ['Ünïcode_1234567890', 'not allowed'],
      [password, 'This is the password it has.'],
    ])('%j is refused beside the field, and not shown again', async (typed, why) => {
      const refused = await reset(await as('user02'), newPassword(typed))
      expect([refused.status, refused.body.includes(typed)]).toEqual([422, false])
      const error = words(refused.document.getElementById(`field-new_password_${accessId}-error`))
      expect(error).toContain(why)
      expect(await changes()).toEqual([])
    })

    test('pressed twice, the second is told of the first', async () => {
      const user02 = await as('user02')
      const drawn = await user02.get(record())
      const sent = () => user02.post(...form(drawn, 'Reset', { do: `reset ${accessId}` }))
      const answers = [await sent(), await sent()]
      expect(answers[1]?.flash).toContain('is being changed already. Nothing was changed.')
      expect(await changes()).toHaveLength(1)
    })

    test('managers and operators have one generated; they can’t choose it', async () => {
      const manager01 = await as('manager01')
      expect((await reset(manager01, newPassword(chosen))).status).toBe(403)
      expect(await changes()).toEqual([])
      expect((await reset(manager01)).flash).toContain('is being reset')
      expect(await changes()).toMatchObject([{ asked_by: 'MANAGER01' }])
    })

    test('is not there for outsiders', async () => {
      for (const name of ['user01', 'user03'] as const) {
        const agent = await as(name)
        await agent.get(paths.profile())
        expect((await agent.post(paths.resetDatabasePassword('USER02', accessId))).status).toBe(404)
      }
    })

    test('a chosen one asks who is there; it comes back without it, and says so', async () => {
      const user02 = await as('user02')
      const drawn = await user02.get(record())
      world.clock.advance(minutes(16))
      const asked = await user02.post(
        ...form(drawn, 'Reset', { do: `reset ${accessId}`, ...newPassword(chosen) }),
      )
      expect(asked.heading).toBe('Identify yourself again')
      const back = await user02.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
      expect(back.text).toContain('Passwords are never kept: type it again, or leave this blank')
      expect(back.body).not.toContain(chosen)
      expect(await everythingKept()).not.toContain(chosen)
      expect(await changes()).toEqual([])
    })

    test('Save does not take it, and says so', async () => {
      const user02 = await as('user02')
      const drawn = await user02.get(record())
      const { action, fields } = drawn.formWith('Save', []).filled({})
      const saved = await user02.post(action, { ...fields, do: 'save', ...newPassword(chosen) })
      expect(saved.flash).toContain('The New Database Password was not used')
      expect(await everythingKept()).not.toContain(chosen)
    })

    test('what is staged on the page stays so', async () => {
      const user02 = await as('user02')
      const fields = {
        assets_1_asset: '10000-TST',
        accesses_1_on: '10000-TST',
        accesses_1_justification: 'Later',
      }
      const page = await reset(user02, fields)
      expect(page.text).toContain('2 changes not saved')
      await user02.post(paths.discardAccessDraft('USER02'))
    })

    describe('at a time', () => {
      const at = (wall: string, zone = 'UTC', offset = '') => ({
        [`reset_at_${accessId}`]: wall,
        [`reset_zone_${accessId}`]: zone,
        [`reset_offset_${accessId}`]: offset,
      })
      const tomorrow = () => new Date(world.clock.now().getTime() + days(1)).toISOString().slice(0, 16)

      test('is written down, shown, and can be taken back', async () => {
        const user02 = await as('user02')
        const wall = tomorrow()
        const page = await reset(user02, at(wall))
        expect(page.flash).toContain('will be reset on')
        expect((await account()).reset_due_at).toBe(`${wall}:00.000Z`)
        expect(page.text).toContain('The password will be reset on')
        const scheduled = [...page.main.querySelectorAll('.timeline-item')].map(words)
        const [year, , day] = wall.slice(0, 10).split('-').map(Number)
        expect(scheduled.find(item => item.startsWith('Password change scheduled'))).toMatch(
          new RegExp(`For ${day} \\S+ ${year}, ${wall.slice(11)}`),
        )
        const cancelled = await user02.press(page, 'Cancel the scheduled reset')
        expect(cancelled.flash).toContain('will not be reset')
        expect((await account()).reset_due_at).toBeNull()
        const twice = await user02.post(...form(page, 'Cancel', {}))
        expect(twice.flash).toContain('No reset of this password is scheduled any more.')
        expect(await accessTrail(world, accessId)).toEqual([
          'password change scheduled',
          'password change cancelled',
        ])
      })

      test.each([
        ['2026-03-29T02:30', 'Europe/Berlin', 'does not exist; next is 03:00'],
        [
          '2020-01-01T00:00',
          'UTC',
          'has passed. Choose a later time, or leave it empty to reset the password now.',
        ],
        ['soon', 'UTC', 'is not a date and time'],
      ])('%s %s is refused', async (wall, zone, why) => {
        const refused = await reset(await as('user02'), at(wall, zone))
        expect(refused.status).toBe(422)
        expect(words(refused.document.getElementById(`field-reset_at_${accessId}-error`))).toContain(why)
        expect((await account()).reset_due_at).toBeNull()
      })

      test('that happens twice is asked about', async () => {
        const user02 = await as('user02')
        const asked = await reset(user02, at('2026-10-25T02:30', 'Europe/Berlin'))
        expect(asked.status).toBe(422)
        expect(asked.text).toContain('Which of the two?')
        await reset(user02, at('2026-10-25T02:30', 'Europe/Berlin', '60'))
        expect((await account()).reset_due_at).toBe('2026-10-25T01:30:00.000Z')
      })

      test('only of service accounts, and never a chosen one', async () => {
        const user02 = await as('user02')
        const both = await reset(user02, { ...at(tomorrow()), ...newPassword(chosen) })
        expect([both.status, both.body.includes(chosen)]).toEqual([422, false])
        await addAccount({ kind: 'user' })
        expect((await user02.get(record())).main.querySelector(`#field-reset_at_${accessId}`)).toBeNull()
        const refused = await reset(user02, at(tomorrow()))
        expect(refused.text).toContain('Only the reset of a service account can be scheduled.')
      })
    })
  })

  describe('on the Start Center', () => {
    test('its owner sees two weeks before that the password is about to expire', async () => {
      const user02 = await as('user02')
      const until = (ms: number) =>
        world.deps.db
          .updateTable('database_accounts')
          .set({ expires_at: new Date(world.clock.now().getTime() + ms).toISOString() })
          .where('id', '=', accountId)
          .execute()
      const { name } = await account()
      await until(days(14) + hours(1))
      expect((await user02.get(paths.home())).text).not.toContain(name)
      await until(days(14))
      const page = await user02.get(paths.home())
      expect(page.text).toContain('Database passwords about to expire')
      expect((await user02.get(page.link(name))).text).toContain('Database Account Configuration')
      expect((await (await as('manager01')).get(paths.home())).text).not.toContain(name)
    })
  })

  async function secretOf(id: number) {
    const { secret_id } = await account()
    return world.deps.vault.open(world.deps.db, accountBinding(id), secret_id ?? '')
  }
})
