import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { accessMails, accessTrail, addAccess } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import {
  ACCESSES,
  ASSETS,
  accessesOf,
  accessWordsOf,
  draftsIn,
  requestOn,
  rowsOf,
  stage,
  typeAccesses,
} from '../support/manage-access.ts'
import { createWorld, type World } from '../support/world.ts'

const portal = 'Self-Service Portal'
const communications = 'Client Communications Center'

describe.each(engines)('Manage Access (%s)', engine => {
  let world: World
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    for (const name of ['user01', 'user02', 'manager01', 'manager02', 'operator'])
      agents.set(name, await signIn(world, name))
  })
  afterAll(() => world.close())
  const as = (name: string): Agent => agents.get(name) ?? (undefined as never)

  describe('shows', () => {
    test('two tables in their order, with filters, pages and downloads', async () => {
      const page = await as('user01').get(paths.manageAccess('USER01'))
      expect(page.main.querySelectorAll('h2').map(h => h.textContent.trim())).toEqual([
        'Assets',
        'Specific Access in the Environment',
      ])
      expect(rowsOf(page, ASSETS)).toEqual([['10000-DEV', 'Development environment']])
      expect(rowsOf(page, ACCESSES)).toEqual([[portal, 'Self-Service Portal Access', 'APPROVED', '']])
      expect(page.buttons.filter(name => name === 'New Row')).toHaveLength(2)
      expect(page.buttons.filter(name => name === 'Save')).toHaveLength(1)
      expect(page.text).toContain('1 - 1 of 1')
      for (const label of ['Asset', 'Description', 'Access Type', 'Status', 'Pending Status'])
        expect(page.text).toContain(`Filter by ${label}`)
      expect(page.main.querySelectorAll('a[download]')).toHaveLength(2)
      expect(page.text).toContain('Details of 10000-DEV, Self-Service Portal')
      expect(page.text).toContain('user01@example.com')
    })

    test('both tables also where there is nothing yet, and whom to ask', async () => {
      const page = await as('user02').get(paths.manageAccess('USER02'))
      expect(page.text).toContain('There is no asset yet.')
      expect(page.text).toContain('Add an asset above first')
      expect(page.text).toContain('0 - 0 of 0')
    })

    test('as tab of the record, selected by its address', async () => {
      const page = await as('manager01').get(paths.person('USER01'))
      expect(page.link('Manage Access')).toBe(paths.manageAccess('USER01'))
      const here = await as('manager01').get(page.link('Manage Access'))
      expect(here.link('10000-DEV')).toBe(paths.manageAccess('USER01', { asset: '10000-DEV' }))
      expect(here.heading).toBe('User 01')
    })

    test('what is asked for of its tables only', async () => {
      const filtered = await as('user01').get(paths.manageAccess('USER01', { find_asset: 'prd' }))
      expect(rowsOf(filtered, ASSETS)).toEqual([])
      expect(filtered.text).toContain('Nothing matches these filters.')
      const status = await as('user01').get(
        paths.manageAccess('USER01', { status: 'APPROVED', type: 'porTAL' }),
      )
      expect(rowsOf(status, ACCESSES)).toHaveLength(1)
      const other = await as('user01').get(paths.manageAccess('USER01', { status: 'REMOVED' }))
      expect(rowsOf(other, ACCESSES)).toEqual([])
    })

    test('both tables as CSV', async () => {
      const assets = await as('user01').send('GET', paths.manageAccessCsv('USER01', { table: 'assets' }))
      expect(assets.headers['content-type']).toContain('text/csv')
      expect(assets.body).toBe('Asset,Description\r\n10000-DEV,Development environment\r\n')
      const accesses = await as('user01').send('GET', paths.manageAccessCsv('USER01', { asset: '10000-DEV' }))
      expect(accesses.body).toContain('10000-DEV,Self-Service Portal,Self-Service Portal Access,APPROVED,,')
    })
  })

  describe('a request', () => {
    test('is typed in row by row, saved at once, and sent to those who decide', async () => {
      const user02 = as('user02')
      const added = await stage(user02, paths.manageAccess('USER02'), 'add asset')
      expect(added.path).toContain('asset=new-1')
      const chosen = await stage(user02, added, 'add access', { Asset: '10000-dev' })
      expect(chosen.path).toContain('asset=10000-DEV')
      expect(rowsOf(chosen, ASSETS)[0]?.[0]).toBe('10000-DEV')
      expect(rowsOf(chosen, ACCESSES)).toEqual([['new access', '', 'NEW', '']])
      expect(chosen.text).toContain('2 changes not saved')
      expect(await accessesOf(world, 'USER02')).toEqual([])
      const saved = await stage(user02, chosen, 'save', {
        'Access Type': 'portal',
        Justification: ' Month end ',
      })
      expect(saved.flash).toBe(
        'Requested: Self-Service Portal on 10000-DEV. Manager 01 (MANAGER01) or Manager 02 (MANAGER02) may decide about it. Mail about it was sent to them and you.',
      )
      expect(rowsOf(saved, ACCESSES)).toEqual([[portal, 'Self-Service Portal Access', 'PROCESSING', '']])
      const [access] = await accessesOf(world, 'USER02')
      expect(access).toMatchObject({
        status: 'PROCESSING',
        customer_id: '10000',
        requested_by: 'USER02',
        justification: 'Month end',
        decision: null,
        ends_on: null,
        version: 1,
      })
      expect(await accessTrail(world, access?.id ?? 0)).toEqual(['requested'])
      expect(await accessMails(world, access?.id ?? 0)).toEqual([
        'access-requested to MANAGER01',
        'access-requested to MANAGER02',
        'access-sent to USER02',
      ])
      expect(await draftsIn(world)).toEqual([])
      expect(saved.text).not.toContain('not saved')
    })

    test('by a manager for a person they manage is decided by another one, and the person is told', async () => {
      const saved = await requestOn(as('manager01'), 'USER02', {
        asset: '10000-TST',
        type: 'Client Communication Center',
      })
      expect(saved.status).toBe(422)
      expect(saved.errorOf('Access Type')).toContain('press OK')
      const sure = await as('manager01').press(saved, 'OK')
      const done = await stage(as('manager01'), sure, 'save')
      expect(done.flash).toContain(
        'Manager 02 (MANAGER02) may decide about it. Mail about it was sent to them, User 02 and you.',
      )
      const access = (await accessesOf(world, 'USER02')).at(-1)
      expect(access).toMatchObject({ requested_by: 'MANAGER01', asset_id: '10000-TST' })
      expect(await accessMails(world, access?.id ?? 0)).toEqual([
        'access-requested to MANAGER02',
        'access-sent to MANAGER01',
        'access-sent to USER02',
      ])
    })

    test('for several assets is saved in one go, or not at all', async () => {
      const before = await accessWordsOf(world, 'MANAGER02')
      const page = await typeAccesses(
        as('manager02'),
        'MANAGER02',
        { asset: '10000-DEV', type: portal, justification: '' },
        { asset: '10000-TST', type: 'CCC' },
        { asset: '10000-PRD', type: 'CCC' },
      )
      expect(rowsOf(page, ASSETS).map(row => row[0])).toEqual(['10000-DEV', '10000-TST', '10000-PRD'])
      const refused = await stage(as('manager02'), page, 'save')
      expect(refused.status).toBe(422)
      expect(refused.problems).toHaveLength(3)
      // The first asset with something to correct is selected; the others are a link away.
      expect(refused.errorOf('Justification')).toContain('Fill in the Justification')
      const there = refused.link(
        'Read what is said about Client Communications Center on 10000-TST, and press OK.',
      )
      expect(there).toContain('asset=10000-TST')
      expect(await accessWordsOf(world, 'MANAGER02')).toEqual(before)
      let mended = await stage(as('manager02'), refused, 'select 10000-TST', { Justification: 'Restarts' })
      mended = await as('manager02').press(mended, 'OK')
      mended = await as('manager02').press(await stage(as('manager02'), mended, 'select 10000-PRD'), 'OK')
      const saved = await stage(as('manager02'), mended, 'save')
      expect(saved.flash).toContain(
        'Requested: Self-Service Portal on 10000-DEV, Client Communications Center on 10000-TST and Client Communications Center on 10000-PRD.',
      )
      expect(await accessWordsOf(world, 'MANAGER02')).toEqual([
        '10000-DEV self-service-portal PROCESSING',
        '10000-TST client-communications-center PROCESSING',
        '10000-PRD client-communications-center PROCESSING',
      ])
    })

    test('of a second access of the same customer says that it is not necessary, and is allowed', async () => {
      const user01 = as('user01')
      const page = await typeAccesses(user01, 'USER01', { asset: '10000-TST', type: portal })
      expect(page.text).toContain('It is not necessary to request access for each asset.')
      const refused = await stage(user01, page, 'save')
      expect(refused.errorOf('Access Type')).toBe(
        'Read what is said about Self-Service Portal on 10000-TST, and press OK.',
      )
      const sure = await user01.press(refused, 'OK')
      expect(sure.text).toContain('Confirmed')
      expect((await stage(user01, sure, 'save')).flash).toContain(
        'Requested: Self-Service Portal on 10000-TST',
      )
    })

    test('what was confirmed stays confirmed for that row, and for nothing else', async () => {
      const user01 = as('user01')
      const page = await typeAccesses(user01, 'USER01', { asset: '10000-DEV', type: 'CCC' })
      expect(page.text).toContain('automatically subscribed to email notifications')
      const sure = await user01.press(page, 'OK')
      const kept = await stage(user01, sure, 'add asset')
      const back = await stage(user01, kept, 'select 10000-DEV')
      expect(back.buttons).not.toContain('OK')
      const more = await stage(user01, back, 'add access')
      const edited = await user01.press(more, `Edit ${communications}`)
      const other = await stage(user01, edited, 'keep', { 'Access Type': 'self-service' })
      expect(other.errorOf('Access Type')).toContain('User 01 has Self-Service Portal on 10000-DEV already')
      await user01.press(other, 'Discard')
    })

    test('that is open already is refused beside the field, with a link to the first', async () => {
      const user01 = as('user01')
      const page = await typeAccesses(user01, 'USER01', { asset: '10000-DEV', type: portal })
      expect(page.errorOf('Access Type')).toBe(
        'User 01 has Self-Service Portal on 10000-DEV already: it is APPROVED. One is enough: delete this row, or choose another Access Type.',
      )
      expect(page.link('Open the first one')).toMatch(/access\?asset=10000-DEV&access=\d+#access-\d+$/)
      const refused = await stage(user01, page, 'save')
      expect(refused.status).toBe(422)
      expect(refused.errorOf('Access Type')).toContain('already')
      await user01.press(refused, 'Discard')
      const twice = await typeAccesses(
        user01,
        'USER01',
        { asset: '10000-PRD', type: portal },
        { asset: '10000-PRD', type: portal },
      )
      expect(twice.text).toContain('Self-Service Portal on 10000-PRD stands in another new row already.')
      await user01.press(twice, 'Discard')
    })

    test('is made once when two windows save the same at once', async () => {
      const manager01 = as('manager01')
      const page = await typeAccesses(manager01, 'MANAGER01', { asset: '10000-DEV', type: portal })
      const { action, fields } = page.formWith('Save', []).filled({})
      const sent = { csrf: page.csrf, ...fields, do: 'save' }
      const answers = await Promise.all([1, 2, 3].map(() => manager01.send('POST', action, sent)))
      expect(answers.map(answer => answer.status).sort()).toEqual([303, 422, 422])
      expect(answers.find(answer => answer.status === 422)?.text).toContain('already: it is PROCESSING')
      expect(await accessWordsOf(world, 'MANAGER01')).toEqual(['10000-DEV self-service-portal PROCESSING'])
      await manager01.press(await manager01.get(paths.manageAccess('MANAGER01')), 'Discard')
    })

    test('may end by itself, on a day in the zone of the asset', async () => {
      await world.deps.db
        .updateTable('assets')
        .set({ time_zone: 'Pacific/Auckland' })
        .where('id', '=', '10000-PRD')
        .execute()
      const user01 = as('user01')
      for (const [until, words] of [
        ['2026-03-01', '2026-03-01 is over in Pacific/Auckland'],
        ['2026-02-30', '“2026-02-30” is not a day'],
        ['soon', '“soon” is not a day'],
      ] as const) {
        const page = await typeAccesses(user01, 'USER01', { asset: '10000-PRD', type: 'CCC', until })
        expect(page.errorOf('Ends on')).toContain(words)
        await user01.press(page, 'Discard')
      }
      const page = await typeAccesses(user01, 'USER01', {
        asset: '10000-PRD',
        type: 'CCC',
        until: '2026-03-02',
      })
      const saved = await stage(user01, await user01.press(page, 'OK'), 'save')
      expect(saved.flash).toContain('Requested:')
      expect((await accessesOf(world, 'USER01')).at(-1)).toMatchObject({
        ends_on: '2026-03-02',
        ends_at: '2026-03-02T11:00:00.000Z',
      })
    })
  })

  describe('Save says', () => {
    test('when there is nothing to save', async () => {
      const page = await as('user01').press(paths.manageAccess('USER01'), 'Save')
      expect(page.flash).toBe('There was nothing to save: nothing was changed.')
    })

    test('that an asset without an access is not stored', async () => {
      const page = await stage(as('operator'), paths.manageAccess('USER01'), 'add asset')
      const blank = await stage(as('operator'), page, 'save')
      expect(blank.errorOf('Asset')).toBe('Choose the Asset, or delete this row.')
      await addAccess(world.deps, {
        person_id: 'USER03',
        asset_id: '20000-DEV',
        access_type: 'client-communications-center',
        status: 'REMOVED',
      })
      const saved = await stage(as('operator'), paths.manageAccess('USER03'), 'add asset')
      const left = await stage(as('operator'), saved, 'save', { Asset: '20000-DEV' })
      // It is in the table already: no row more, and nothing to save.
      expect(left.flash).toBe('There was nothing to save: nothing was changed.')
      await as('operator').press(await as('operator').get(paths.manageAccess('USER01')), 'Discard')
      const user02 = as('user02')
      const alone = await stage(
        user02,
        await stage(user02, paths.manageAccess('USER02'), 'add asset'),
        'save',
        {
          Asset: 'Production',
        },
      )
      expect(alone.flash).toContain('10000-PRD was not saved: an asset without an access is not stored.')
      expect(alone.flash).toContain('New Row under Specific Access in the Environment')
      expect(rowsOf(alone, ASSETS).map(row => row[0])).toEqual(['10000-DEV', '10000-TST'])
      expect((await draftsIn(world)).filter(actor => actor === 'USER02')).toEqual([])
    })
  })

  describe('what is staged', () => {
    test('outlives links, and belongs to this person looking at that one', async () => {
      const manager01 = as('manager01')
      await typeAccesses(manager01, 'USER02', { asset: '10000-PRD', type: portal, justification: 'Half a' })
      await manager01.get(paths.home())
      const back = await manager01.get(paths.manageAccess('USER02', { asset: '10000-PRD' }))
      expect(back.field('Justification')).toBe('Half a')
      expect(back.text).toContain('2 changes not saved')
      expect((await as('manager02').get(paths.manageAccess('USER02'))).text).not.toContain('not saved')
      expect((await manager01.get(paths.manageAccess('USER01'))).text).not.toContain('not saved')
      const gone = await manager01.press(back, 'Discard')
      expect(gone.flash).toBe('Your changes were discarded.')
      expect(gone.text).not.toContain('not saved')
    })

    test('is not brought back by a field that was changed just before it was saved', async () => {
      const user02 = as('user02')
      const page = await stage(user02, paths.manageAccess('USER02'), 'add access')
      const { action, fields } = page.formWith('Save', []).filled({ Justification: 'Half a' })
      const note = () => user02.send('POST', action, { ...fields, csrf: page.csrf, do: 'note' })
      expect((await note()).status).toBe(204)
      expect(await draftsIn(world)).toContain('USER02')
      expect((await user02.press(page, 'Discard')).flash).toBe('Your changes were discarded.')
      await note()
      expect(await draftsIn(world)).not.toContain('USER02')
    })

    test('in another window is not replaced without a word', async () => {
      const user02 = as('user02')
      const one = await user02.get(paths.manageAccess('USER02'))
      const two = await user02.get(paths.manageAccess('USER02'))
      await stage(user02, one, 'add access')
      const told = await stage(user02, two, 'add asset')
      expect(told.flash).toContain('You have staged other changes in another window.')
      const next = await stage(user02, told, 'add asset')
      expect(next.flash).toBe('')
      await user02.press(next, 'Discard')
    })

    test('goes by the row’s own button, too', async () => {
      const user02 = as('user02')
      const page = await typeAccesses(user02, 'USER02', { asset: '10000-PRD', type: 'CCC' })
      const less = await user02.press(page, 'Delete Client Communications Center')
      expect(less.text).toContain('1 change not saved')
      const none = await user02.press(less, 'Delete 10000-PRD')
      expect(none.text).not.toContain('not saved')
      expect((await draftsIn(world)).filter(actor => actor === 'USER02')).toEqual([])
    })

    test('a row added twice for the same asset is one', async () => {
      const user02 = as('user02')
      const page = await stage(user02, paths.manageAccess('USER02'), 'add asset')
      const merged = await stage(user02, page, 'add access', { Asset: '10000-dev' })
      expect(rowsOf(merged, ASSETS).map(row => row[0])).toEqual(['10000-DEV', '10000-TST'])
      expect(merged.path).toContain('asset=10000-DEV')
      await user02.press(merged, 'Discard')
    })

    test('New Row for an access before there is any asset brings a row for the asset', async () => {
      const operator = as('operator')
      await world.deps.db.deleteFrom('access_drafts').execute()
      const page = await stage(operator, paths.manageAccess('MANAGER03'), 'add access')
      const saved = await stage(operator, page, 'save', {
        Asset: '20000-DEV',
        'Access Type': portal,
        Justification: 'Looks after it',
      })
      expect(saved.flash).toContain('Requested: Self-Service Portal on 20000-DEV.')
      expect(saved.flash).toContain('Nobody may decide about it at the moment.')
      expect(saved.flash).toContain('Mail about it was sent to Manager 03 and you.')
    })
  })

  describe('the lookups', () => {
    test('list the assets that can be chosen, and say whom to ask for others', async () => {
      const user02 = as('user02')
      const page = await stage(user02, paths.manageAccess('USER02'), 'add asset')
      const select = await user02.press(page, 'Select Value: Asset')
      expect(select.heading).toBe('Select Value')
      expect(select.table('Asset table').map(row => row[0])).toEqual(['10000-DEV', '10000-PRD', '10000-TST'])
      expect(select.text).toContain('Ask Manager 01 or Manager 02.')
      const filtered = await user02.fillIn(select, { Filter: 'produc' }, 'Filter')
      expect(filtered.table('Asset table').map(row => row[0])).toEqual(['10000-PRD'])
      const chosen = await user02.press(filtered, '10000-PRD')
      expect(chosen.path).toContain('asset=10000-PRD')
      const access = await stage(user02, chosen, 'add access')
      const types = await user02.press(access, 'Select Value: Access Type')
      expect(types.table('Access Type table').map(row => row[0])).toEqual([
        portal,
        communications,
        'Object Storage File Access',
        'Object Storage Log Access',
      ])
      const named = await user02.press(types, communications)
      expect(named.field('Access Type')).toBe(communications)
      const cancelled = await user02.press(await user02.press(named, 'Select Value: Access Type'), 'Cancel')
      expect(cancelled.field('Access Type')).toBe(communications)
      await user02.press(cancelled, 'Discard')
    })

    test.each([
      ['10000', 'fits several'],
      ['20000-DEV', 'There is no asset “20000-DEV” that you can request access to.'],
      ['nowhere', 'Ask Manager 01 or Manager 02.'],
    ])('%s is answered: %s', async (asset, words) => {
      const user02 = as('user02')
      const page = await stage(user02, paths.manageAccess('USER02'), 'add asset')
      const told = await stage(user02, page, 'keep', { Asset: asset })
      expect(told.errorOf('Asset')).toContain(words)
      expect(told.field('Asset')).toBe(asset)
      expect((await stage(user02, told, 'save')).status).toBe(422)
      await user02.press(told, 'Discard')
    })
  })
})
