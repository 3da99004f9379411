import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { accessMails, accessNow, accessState, accessTrail, addAccess, granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf, historyOn } from '../support/facts.ts'
import { ACCESSES, ASSETS, draftsIn, rowsOf, stage } from '../support/manage-access.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const ccc = 'client-communications-center'

describe.each(engines)('Manage Access, what is there (%s)', engine => {
  let world: World
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    for (const name of ['user01', 'user02', 'manager01', 'manager02', 'operator'])
      agents.set(name, await signIn(world, name))
  })
  afterAll(() => world.close())
  const as = (name: string): Agent => agents.get(name) ?? (undefined as never)
  const page = (person: string, asset: string, access?: number) =>
    paths.manageAccess(person, { asset, access })

  describe('deleting', () => {
    test('strikes a row through until Save, and can be taken back', async () => {
      const id = await granted(world.deps, { asset_id: '10000-DEV' })
      const deleted = await as('user02').press(page('USER02', '10000-DEV'), 'Delete Self-Service Portal')
      expect(deleted.main.querySelectorAll('tr.row-deleted')).toHaveLength(1)
      expect(deleted.text).toContain('1 change not saved')
      expect(await accessState(world, id)).toBe('APPROVED')
      const back = await as('user02').press(deleted, 'take back Self-Service Portal')
      expect(back.main.querySelectorAll('tr.row-deleted')).toHaveLength(0)
      expect(back.text).not.toContain('not saved')
      expect((await as('user02').press(back, 'Save')).flash).toContain('nothing to save')
      const again = await as('user02').press(back, 'Delete Self-Service Portal')
      const saved = await as('user02').press(again, 'Save')
      expect(saved.flash).toBe('PENDING REMOVAL: Self-Service Portal on 10000-DEV.')
      expect(await accessNow(world, id)).toMatchObject({
        status: 'PENDING REMOVAL',
        reason: 'Removed by User 02.',
        removal_by: 'USER02',
      })
      await workOff(world)
      expect(await accessState(world, id)).toBe('REMOVED')
      expect(rowsOf(await as('user02').get(page('USER02', '10000-DEV')), ACCESSES)[0]?.[2]).toBe('REMOVED')
    })

    test('an asset’s row removes all accesses on it, several in one Save, by a manager too', async () => {
      const one = await granted(world.deps, { asset_id: '10000-TST' })
      const two = await addAccess(world.deps, { asset_id: '10000-TST', access_type: ccc })
      const three = await granted(world.deps, { asset_id: '10000-PRD' })
      const deleted = await as('manager01').press(page('USER02', '10000-TST'), 'Delete 10000-TST')
      expect(deleted.main.querySelectorAll('tr.row-deleted')).toHaveLength(3)
      expect(deleted.text).toContain('2 changes not saved')
      const back = await as('manager01').press(deleted, 'take back 10000-TST')
      expect(back.text).not.toContain('not saved')
      const both = await as('manager01').press(
        await as('manager01').press(back, 'Delete 10000-TST'),
        'Delete 10000-PRD',
      )
      const saved = await as('manager01').press(both, 'Save')
      expect(saved.flash).toBe(
        'Withdrawn: Client Communications Center on 10000-TST. PENDING REMOVAL: Self-Service Portal on 10000-TST and Self-Service Portal on 10000-PRD.',
      )
      expect(await accessState(world, one)).toBe('PENDING REMOVAL, DEPROVISIONING')
      expect(await accessState(world, two)).toBe('REMOVED')
      expect(await accessState(world, three)).toBe('PENDING REMOVAL, DEPROVISIONING')
      // Who asked and whose it was are told.
      expect(await accessMails(world, two)).toEqual(['access-ended to USER02'])
      await workOff(world)
      // Nothing is left to remove there.
      expect((await as('manager01').get(page('USER02', '10000-TST'))).buttons).not.toContain(
        'Delete 10000-TST',
      )
    })

    test('of a row that was decided meanwhile saves nothing, and keeps everything else', async () => {
      const mine = await addAccess(world.deps, { asset_id: '10000-DEV', access_type: ccc })
      const other = await granted(world.deps, { asset_id: '10000-PRD', access_type: ccc })
      const staged = await as('user02').press(
        page('USER02', '10000-DEV'),
        'Delete Client Communications Center',
      )
      const both = await as('user02').press(staged, 'Delete 10000-PRD')
      await world.deps.db
        .updateTable('accesses')
        .set({ decision: 'APPROVED', decided_at: world.clock.instant(), version: 2 })
        .where('id', '=', mine)
        .execute()
      const conflict = await as('user02').press(both, 'Save')
      expect(conflict.status).toBe(409)
      expect(conflict.problems[0]).toContain('Nothing was saved')
      expect(conflict.text).toContain('Client Communications Center on 10000-DEV was changed meanwhile')
      expect(conflict.text).toContain('1 change not saved')
      expect(await accessState(world, other)).toBe('APPROVED')
      expect((await as('user02').press(conflict, 'Save')).flash).toContain('PENDING REMOVAL')
      expect(await accessState(world, other)).toBe('PENDING REMOVAL, DEPROVISIONING')
      await workOff(world)
      await world.deps.db.updateTable('accesses').set({ status: 'REMOVED' }).where('id', '=', mine).execute()
    })

    test('staged before the world changed is explained when the page is opened', async () => {
      const id = await granted(world.deps, { asset_id: '10000-TST', access_type: ccc })
      await as('user02').press(page('USER02', '10000-TST'), 'Delete 10000-TST')
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'REMOVED', version: 2 })
        .where('id', '=', id)
        .execute()
      const opened = await as('user02').get(page('USER02', '10000-TST'))
      expect(opened.text).toContain('Something has changed since you staged your changes')
      expect(opened.text).toContain('is REMOVED by now, so its removal is no longer staged.')
      expect(opened.text).not.toContain('not saved')
      expect(await draftsIn(world)).toEqual([])
    })
  })

  describe('Remove Access', () => {
    test('acts at once and keeps what is staged besides', async () => {
      const id = await granted(world.deps, { asset_id: '10000-DEV' })
      const staged = await stage(as('user02'), page('USER02', '10000-DEV'), 'add access')
      const removed = await as('user02').fillIn(staged, { Justification: 'Half a' }, 'Remove Access')
      expect(removed.flash).toBe('Self-Service Portal on 10000-DEV is PENDING REMOVAL.')
      expect(rowsOf(removed, ACCESSES).map(row => row[2])).toContain('PENDING REMOVAL')
      expect(removed.field('Justification')).toBe('Half a')
      expect(await accessTrail(world, id)).toEqual(['asked to be removed'])
      // Pressed again in a page that was open before.
      expect((await as('user02').press(staged, 'Remove Access')).flash).toContain('is PENDING REMOVAL.')
      expect(await accessTrail(world, id)).toEqual(['asked to be removed'])
      await as('user02').press(removed, 'Discard')
      await workOff(world)
    })

    test('of a request that waits is a withdrawal', async () => {
      const id = await addAccess(world.deps, { asset_id: '10000-TST' })
      const done = await as('user02').press(page('USER02', '10000-TST'), 'Withdraw request')
      expect(done.flash).toBe('Self-Service Portal on 10000-TST is REMOVED.')
      expect(factOf(done, 'Reason')).toBe('Withdrawn by User 02.')
      expect(historyOn(done)).toContain('Withdrawn')
      expect(await accessNow(world, id)).toMatchObject({ status: 'REMOVED', decision: null })
    })

    test('Retry is for operators, once something has failed', async () => {
      const failed = { status: 'PENDING REMOVAL', pending_status: 'FAILED: no such host' } as const
      const id = await granted(world.deps, { asset_id: '10000-PRD', ...failed })
      expect((await as('user02').get(page('USER02', '10000-PRD'))).buttons).not.toContain('Retry')
      const refused = await as('user02').post(paths.accessEvent('USER02', id, 'retry'))
      expect(refused.status).toBe(403)
      const retried = await as('operator').press(page('USER02', '10000-PRD'), 'Retry')
      expect(retried.flash).toBe('Self-Service Portal on 10000-PRD is tried again.')
      expect(await accessTrail(world, id)).toEqual(['retried'])
      expect(retried.link('Log')).toBe(paths.accessLog(id))
      const twice = await as('operator').post(paths.accessEvent('USER02', id, 'retry'))
      expect(twice.flash).toContain('Nothing has failed')
      await workOff(world)
      expect(await accessState(world, id)).toBe('REMOVED')
    })
  })

  describe('the Justification', () => {
    test('of a request that waits can be changed: it counts as edited, and is sent for a decision again', async () => {
      const id = await addAccess(world.deps, { asset_id: '10000-TST' })
      const saved = await as('manager01').fillIn(
        page('USER02', '10000-TST', id),
        { Justification: 'Year end <b>closing</b>' },
        'Save',
      )
      expect(saved.flash).toContain(
        'Changed and sent for a decision again: Self-Service Portal on 10000-TST. Manager 02 (MANAGER02) may decide about it.',
      )
      expect(await accessNow(world, id)).toMatchObject({
        justification: 'Year end <b>closing</b>',
        edited_by: 'MANAGER01',
        edited_at: world.clock.instant(),
        version: 2,
      })
      expect(await accessTrail(world, id)).toEqual(['changed'])
      expect(await accessMails(world, id)).toContain('access-requested to MANAGER02')
      const shown = await as('user02').get(page('USER02', '10000-TST', id))
      expect(shown.body).toContain('Year end &lt;b&gt;closing&lt;/b&gt;')
      expect(factOf(shown, 'Changed by')).toBe('Manager 01')
      expect(shown.text).toContain('Justification before: Month end')
    })

    test('changed in two windows is a conflict beside the field that keeps what was typed', async () => {
      const [id] = (
        await world.deps.db
          .selectFrom('accesses')
          .select('id')
          .where('status', '=', 'PROCESSING')
          .where('asset_id', '=', '10000-TST')
          .execute()
      ).map(row => row.id)
      const mine = await as('user02').get(page('USER02', '10000-TST', id))
      await as('manager01').fillIn(page('USER02', '10000-TST', id), { Justification: 'Theirs' }, 'Save')
      const conflict = await as('user02').fillIn(mine, { Justification: 'Mine' }, 'Save')
      expect(conflict.status).toBe(422)
      expect(conflict.errorOf('Justification')).toContain('its Justification says now: “Theirs”')
      expect(conflict.field('Justification')).toBe('Mine')
      expect((await as('user02').press(conflict, 'Save')).flash).toContain('Changed and sent')
      expect(await accessNow(world, id ?? 0)).toMatchObject({ justification: 'Mine', edited_by: 'USER02' })
    })

    test('has to say something, in 4,000 characters, and keeps what was typed', async () => {
      const [id] = (
        await world.deps.db
          .selectFrom('accesses')
          .select('id')
          .where('status', '=', 'PROCESSING')
          .where('asset_id', '=', '10000-TST')
          .execute()
      ).map(row => row.id)
      for (const [typed, words] of [
        ['', 'Fill in the Justification'],
        ['x'.repeat(4001), 'Justification has 4,001 characters. Use at most 4,000.'],
      ] as const) {
        const refused = await as('user02').fillIn(
          page('USER02', '10000-TST', id),
          { Justification: typed },
          'Save',
        )
        expect(refused.status).toBe(422)
        expect(refused.errorOf('Justification')).toContain(words)
        expect(refused.field('Justification')).toBe(typed)
        await as('user02').press(refused, 'Discard')
      }
      expect(await accessNow(world, id ?? 0)).toMatchObject({ justification: 'Mine' })
    })

    test('can’t be changed once it was decided: what was typed is told', async () => {
      const id = await addAccess(world.deps, { asset_id: '10000-PRD' })
      const open = await as('user02').get(page('USER02', '10000-PRD', id))
      await world.deps.db
        .updateTable('accesses')
        .set({
          status: 'REJECTED',
          decision: 'REJECTED',
          decided_by: 'MANAGER02',
          decided_at: world.clock.instant(),
          reviewer_comments: 'Not needed',
          reason: 'Not needed',
          version: 2,
        })
        .where('id', '=', id)
        .execute()
      const told = await as('user02').fillIn(open, { Justification: 'But I need it' }, 'Save')
      expect(told.status).toBe(409)
      expect(told.text).toContain('is REJECTED by now, so its Justification can’t be changed any more.')
      expect(told.text).toContain('But I need it')
      const shown = await as('user02').get(page('USER02', '10000-PRD', id))
      expect([
        factOf(shown, 'Disposition'),
        factOf(shown, 'Decided by'),
        factOf(shown, 'Reviewer Comments'),
      ]).toEqual(['REJECTED', 'Manager 02', 'Not needed'])
    })

    test('typed while a session ends comes back unsaved', async () => {
      const id = await addAccess(world.deps, { person_id: 'MANAGER02', asset_id: '10000-PRD' })
      const open = await as('manager02').get(page('MANAGER02', '10000-PRD', id))
      world.clock.advance(hours(24 * 30))
      const asked = await as('manager02').fillIn(open, { Justification: 'Typed late' }, 'Save')
      expect(asked.heading).toBe('Sign in')
      const back = await as('manager02').fillIn(
        asked,
        { 'Login ID': 'manager02@example.com', Password: 'correct horse battery' },
        'Sign in',
      )
      expect(back.field('Justification')).toBe('Typed late')
      expect(await accessNow(world, id)).toMatchObject({ justification: 'Month end' })
      expect((await as('manager02').press(back, 'Save')).flash).toContain('Changed and sent')
    })
  })

  test('operators are called by their role', async () => {
    agents.set('user01', await signIn(world, 'user01'))
    await granted(world.deps, {
      person_id: 'USER01',
      asset_id: '10000-TST',
      requested_by: 'OPERATOR01',
      decided_by: 'OPERATOR01',
      escalated_at: world.clock.instant(),
    })
    const shown = await as('user01').get(page('USER01', '10000-TST'))
    expect([factOf(shown, 'Requested by'), factOf(shown, 'Decided by')]).toEqual(['operator', 'operator'])
    expect(shown.text).not.toContain('Operator 01')
    const csv = await as('user01').send('GET', paths.manageAccessCsv('USER01', { asset: '10000-TST' }))
    expect(csv.body).not.toContain('OPERATOR01')
  })

  test('many accesses are shown by pages, the selected asset among them', async () => {
    for (let i = 0; i < 45; i++) {
      const id = `10000-T${String(i).padStart(2, '0')}`
      await world.deps.db
        .insertInto('assets')
        .values({
          id,
          customer_id: '10000',
          description: `Test ${i}`,
          class: 'NON_PRODUCTION',
          product: 'Asset Management',
          time_zone: 'UTC',
          search_text: id.toLowerCase(),
          created_at: world.clock.instant(),
        })
        .execute()
      await granted(world.deps, { person_id: 'USER01', asset_id: id, access_type: ccc })
    }
    const first = await as('user01').get(paths.manageAccess('USER01'))
    expect(first.text).toContain('1 - 20 of 47')
    expect(rowsOf(first, ASSETS)).toHaveLength(20)
    const last = await as('user01').get(page('USER01', '10000-TST'))
    expect(last.text).toContain('41 - 47 of 47')
    expect(rowsOf(last, ASSETS).at(-1)?.[0]).toBe('10000-TST')
    const second = await as('user01').get(paths.manageAccess('USER01', { assets_page: 2 }))
    expect(second.text).toContain('21 - 40 of 47')
    const sorted = await as('user01').get(paths.manageAccess('USER01', { sort: '-find_asset' }))
    expect(rowsOf(sorted, ASSETS)[0]?.[0]).toBe('10000-TST')
  })
})
