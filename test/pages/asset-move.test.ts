import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewRow } from '../../db/schema.ts'
import { decide } from '../../src/access/decide.ts'
import { moveAsset } from '../../src/assets/move-asset.ts'
import { retireAsset } from '../../src/assets/retire-asset.ts'
import { openOnAsset, shownOf } from '../../src/assets/take-away-asset.ts'
import { newId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { createRequest } from '../../src/service-requests/create-request.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('An asset that goes (%s)', engine => {
  let world: World
  let operator: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterEach(() => world.close())

  const addAccess = async (over: Partial<NewRow<'accesses'>>) => {
    const row = await world.deps.db
      .insertInto('accesses')
      .values({
        person_id: 'USER02',
        asset_id: '10000-DEV',
        customer_id: '10000',
        access_type: 'client-communications-center',
        status: 'PROCESSING',
        justification: 'I need it',
        requested_by: over.person_id ?? 'USER02',
        created_at: world.clock.instant(),
        ...(over as object),
      } as NewRow<'accesses'>)
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }
  const queued = async (asset: string) => ({
    status: 'QUEUED' as const,
    asset_id: asset,
    runbook_version_id: await offerAction(world.deps, { asset }),
    queued_at: world.clock.instant(),
    queued_by: 'USER01',
    due_at: world.clock.instant(),
  })
  const accesses = () =>
    world.deps.db
      .selectFrom('accesses')
      .select(['person_id', 'access_type', 'status', 'decision', 'decided_by', 'reason', 'customer_id'])
      .where('asset_id', '=', '10000-DEV')
      .orderBy('id')
      .execute()
  const requests = () =>
    world.deps.db.selectFrom('service_requests').select(['id', 'status', 'reason']).orderBy('id').execute()
  const asset = (id = '10000-DEV') =>
    world.deps.db
      .selectFrom('assets')
      .select(['customer_id', 'status'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const settledButton = 'Retire 10000-DEV, cancel 2 requests and end 2 accesses'

  async function somethingOpen() {
    await addRequests(world.deps.db, [
      requestRow({ asset_id: '10000-DEV', summary: 'Not queued' }),
      requestRow(await queued('10000-DEV')),
      requestRow({ asset_id: '10000-DEV', status: 'RESOLVED' }),
      requestRow({ asset_id: '10000-TST' }),
    ])
    await addAccess({})
  }

  test('the form does not retire it, but leads to the page that shows what ends', async () => {
    const page = await operator.get(paths.adminAsset('10000-DEV'))
    expect(page.body).not.toContain('name="status"')
    expect(page.link('Retire')).toBe(paths.adminAssetRetire('10000-DEV'))
    expect(page.link('Move to another customer')).toBe(paths.adminAssetMove('10000-DEV'))
    const facts = {
      description: 'x',
      class: 'NON_PRODUCTION',
      product: 'x',
      time_zone: 'UTC',
    }
    const retired = await operator.post(paths.adminAsset('10000-DEV'), {
      ...facts,
      customer_id: '10000',
      status: 'RETIRED',
    })
    expect(retired.problems.join()).toContain('“Retire” shows first which requests and accesses end')
    const moved = await operator.post(paths.adminAsset('10000-DEV'), { ...facts, customer_id: '20000' })
    expect(moved.problems.join()).toContain('10000-DEV belongs to customer 10000.')
    expect(await asset()).toEqual({ customer_id: '10000', status: 'ACTIVE' })
  })

  test('shows what is open and what happens to each, and a button that counts', async () => {
    await somethingOpen()
    const page = await operator.get(paths.adminAssetRetire('10000-DEV'))
    expect(page.heading).toBe('Retire 10000-DEV?')
    expect(page.table('Open service requests table').map(row => row.slice(3))).toEqual([
      ['NEW', 'CANCELLED; the requester is told why.'],
      ['QUEUED', 'CANCELLED; the requester is told why.'],
    ])
    expect(page.table('Open accesses table').map(row => [row[0], row[2], row[3], row[4]])).toEqual([
      ['USER01', 'Self-Service Portal', 'APPROVED', 'PENDING REMOVAL, then REMOVED when it is proven gone.'],
      [
        'USER02',
        'Client Communications Center',
        'PROCESSING',
        'REJECTED; requester and person are told why.',
      ],
    ])
    expect(page.text).toContain('One of these accesses covers all assets of customer 10000.')
    expect(page.buttons).toContain(settledButton)
  })

  test('retiring settles all of it at once, tells those concerned, and stands in the trail', async () => {
    await somethingOpen()
    const page = await operator.press(paths.adminAssetRetire('10000-DEV'), settledButton)
    expect(page.flash).toBe('10000-DEV is RETIRED. 2 service requests were cancelled. 2 accesses end.')
    expect((await requests()).map(row => row.status)).toEqual(['CANCELLED', 'CANCELLED', 'RESOLVED', 'NEW'])
    expect((await requests())[0]?.reason).toBe('Cancelled: The asset 10000-DEV was retired.')
    expect(await accesses()).toMatchObject([
      { person_id: 'USER01', status: 'PENDING REMOVAL', reason: 'The asset 10000-DEV was retired.' },
      {
        person_id: 'USER02',
        status: 'REJECTED',
        decision: 'REJECTED',
        decided_by: null,
        reason: 'The asset 10000-DEV was retired',
      },
    ])
    expect(await asset()).toEqual({ customer_id: '10000', status: 'RETIRED' })
    const mails = await world.mails()
    expect(mails.map(mail => [mail.to_person, mail.template])).toEqual(
      expect.arrayContaining([
        ['USER01', 'service-request-cancelled'],
        ['USER02', 'access-decided'],
      ]),
    )
    expect(mails.find(mail => mail.template === 'service-request-cancelled')?.body).toContain(
      'Cancelled: The asset 10000-DEV was retired.',
    )
    const trail = await world.deps.db
      .selectFrom('audit_events')
      .select(['verb', 'actor_id'])
      .orderBy('id')
      .execute()
    expect(trail.map(row => row.verb)).toEqual(
      expect.arrayContaining([
        'service-request cancelled',
        'access rejected',
        'access asked to be removed',
        'asset retired',
      ]),
    )
    expect(new Set(trail.map(row => row.actor_id))).toEqual(new Set(['OPERATOR01']))
  })

  test.each(['INPROG', 'UNKNOWN'] as const)('a request that is %s blocks it, and is named', async status => {
    await somethingOpen()
    const drawn = await operator.get(paths.adminAssetRetire('10000-DEV'))
    const { id } = await world.deps.db
      .updateTable('service_requests')
      .set({ status, holds_lock: 1, actual_start: world.clock.instant() })
      .where('status', '=', 'QUEUED')
      .returning('id')
      .executeTakeFirstOrThrow()
    const page = await operator.press(drawn, settledButton)
    expect(page.status).toBe(409)
    expect(page.problems.join()).toContain(`are under way: ${id} (${status}).`)
    expect(page.buttons.join()).not.toContain('Retire')
    expect(page.text).toContain('It has to end first.')
    const move = await operator.get(paths.adminAssetMove('10000-DEV'))
    expect(move.text).toContain('Not now: service requests of 10000-DEV are under way')
    expect(await asset()).toEqual({ customer_id: '10000', status: 'ACTIVE' })
    expect((await requests())[0]?.status).toBe('NEW')
  })

  test('what has come meanwhile is shown first, and nothing has happened', async () => {
    await somethingOpen()
    const drawn = await operator.get(paths.adminAssetRetire('10000-DEV'))
    await addAccess({ person_id: 'MANAGER01' })
    const page = await operator.press(drawn, settledButton)
    expect(page.status).toBe(409)
    expect(page.problems.join()).toContain('has changed since the page was drawn. Nothing was done.')
    expect((await accesses()).map(row => row.status)).toEqual(['APPROVED', 'PROCESSING', 'PROCESSING'])
    expect(page.table('Open accesses table')).toHaveLength(3)
    const done = await operator.press(page, 'Retire 10000-DEV, cancel 2 requests and end 3 accesses')
    expect(done.flash).toContain('10000-DEV is RETIRED.')
  })

  test('twice is harmless', async () => {
    const drawn = await operator.get(paths.adminAssetRetire('10000-TST'))
    await operator.press(drawn, 'Retire 10000-TST')
    const again = await operator.press(drawn, 'Retire 10000-TST')
    expect(again.problems.join()).toContain('10000-TST is RETIRED already. Nothing was changed.')
    expect((await operator.get(paths.adminAssetRetire('10000-TST'))).heading).toBe('10000-TST')
  })

  test('a retired one is put back in use by its form', async () => {
    await operator.press(paths.adminAssetRetire('10000-TST'), 'Retire 10000-TST')
    const page = await operator.fillIn(paths.adminAsset('10000-TST'), { Status: 'ACTIVE' }, 'Save')
    expect(page.flash).toBe('10000-TST was saved.')
    expect(await asset('10000-TST')).toMatchObject({ status: 'ACTIVE' })
  })

  test('a form drawn before it was retired does not put it back in use', async () => {
    const drawn = await operator.get(paths.adminAsset('10000-TST'))
    await operator.press(paths.adminAssetRetire('10000-TST'), 'Retire 10000-TST')
    await operator.fillIn(drawn, { Description: 'Other words' }, 'Save')
    expect(await asset('10000-TST')).toMatchObject({ status: 'RETIRED' })
  })

  describe('to another customer', () => {
    const button = 'Move 10000-DEV, cancel 2 requests and end 2 accesses'

    test.each([
      ['', 'Type the id of a customer'],
      ['10000', '10000-DEV belongs to customer 10000 already.'],
      ['77777', 'There is no customer 77777.'],
    ])('“%s” is refused, and stays in the field', async (typed, words) => {
      await somethingOpen()
      const page = await operator.fillIn(paths.adminAssetMove('10000-DEV'), { 'New Customer': typed }, button)
      expect(page.status).toBe(422)
      expect(page.errorOf('New Customer')).toContain(words)
      expect(page.field('New Customer')).toBe(typed)
      expect(await asset()).toMatchObject({ customer_id: '10000' })
    })

    test('ends what is open under the present one, and keeps the past where it was made', async () => {
      await somethingOpen()
      const page = await operator.fillIn(
        paths.adminAssetMove('10000-DEV'),
        { 'New Customer': '20000' },
        button,
      )
      expect(page.flash).toBe(
        '10000-DEV belongs to customer 20000 now. 2 service requests were cancelled. 2 accesses end.',
      )
      expect(await asset()).toEqual({ customer_id: '20000', status: 'ACTIVE' })
      expect((await accesses()).map(row => [row.status, row.customer_id])).toEqual([
        ['PENDING REMOVAL', '10000'],
        ['REJECTED', '10000'],
      ])
      const user01 = await signIn(world, 'user01')
      expect((await user01.get(paths.asset('10000-DEV'))).status).toBe(404)
      const [first] = await requests()
      expect((await user01.get(paths.serviceRequest(first?.id ?? 0))).status).toBe(200)
      const user03 = await signIn(world, 'user03')
      const theirs = await user03.get(paths.asset('10000-DEV'))
      expect(theirs.status).toBe(200)
      expect(theirs.table('Recent requests table')).toEqual([])
      expect((await user03.get(paths.serviceRequest(first?.id ?? 0))).status).toBe(404)
    })

    test('pressed twice, the second one says so', async () => {
      const drawn = await operator.get(paths.adminAssetMove('10000-PRD'))
      await operator.fillIn(drawn, { 'New Customer': '20000' }, 'Move 10000-PRD')
      const again = await operator.fillIn(drawn, { 'New Customer': '20000' }, 'Move 10000-PRD')
      expect(again.status).toBe(409)
      expect(again.problems.join()).toContain(
        '10000-PRD belongs to customer 20000 already. Nothing was changed.',
      )
    })
  })

  describe('at the same moment', () => {
    const shownNow = async () => {
      const open = await openOnAsset(world.deps.db, '10000-DEV')
      if (!open) throw new Error('10000-DEV is there.')
      return shownOf(open)
    }
    const acting = () => world.actor('OPERATOR01')

    test('two who take it away: one does, the other is told', async () => {
      await somethingOpen()
      const shown = await shownNow()
      const results = await Promise.all([
        retireAsset(world.deps, acting(), '10000-DEV', shown),
        moveAsset(world.deps, acting(), '10000-DEV', '20000', shown, '10000'),
        retireAsset(world.deps, acting(), '10000-DEV', shown),
      ])
      expect(results.filter(result => result.ok)).toHaveLength(1)
      for (const result of results) if (!result.ok) expect(result.problem.kind).toBe('conflict')
      expect((await requests()).filter(row => row.status === 'CANCELLED')).toHaveLength(2)
      const cancelled = (await world.mails()).filter(mail => mail.template === 'service-request-cancelled')
      expect(cancelled).toHaveLength(2)
    })

    test('a request that is being saved: it waits for the move, and then the environment is another customer’s', async () => {
      await offerAction(world.deps, { asset: '10000-DEV' })
      const saving = () =>
        createRequest(world.deps, world.actor('USER01'), {
          requested_start: '',
          requested_zone: 'UTC',
          requested_offset: '',
          target_environment: '10000-DEV',
          requested_action: 'Restart Asset Management Application',
          summary: 'At the same moment',
          own: {},
          form_key: newId(),
          copied_from: null,
        })
      const { saved } = await world.deps.db.transaction().execute(async tx => {
        await tx.updateTable('assets').set({ customer_id: '20000' }).where('id', '=', '10000-DEV').execute()
        const saved = saving()
        // On SQLite it waits for its turn anyway.
        if (engine === 'postgres') await expect.poll(waiting).toBe(1)
        return { saved }
      })
      expect(await saved).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(await requests()).toEqual([])
    })

    /** Statements that wait for somebody else's lock. */
    const waiting = async () => {
      const { rows } = await sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(world.deps.db)
      return rows.length
    }

    test('a manager who approves: either it is granted and then removed, or they are told', async () => {
      await addAccess({})
      const access = await world.deps.db
        .selectFrom('accesses')
        .select(['id', 'version'])
        .where('status', '=', 'PROCESSING')
        .executeTakeFirstOrThrow()
      const shown = await shownNow()
      const [decided, retired] = await Promise.all([
        decide(world.deps, world.actor('MANAGER01'), [
          { accessId: access.id, version: access.version, disposition: 'APPROVED', comments: '' },
        ]),
        retireAsset(world.deps, acting(), '10000-DEV', shown),
      ])
      // Whoever comes second finds that what was shown has changed.
      expect([decided.ok, retired.ok].filter(Boolean)).toHaveLength(1)
      const row = (await accesses()).at(-1)
      expect(row?.status).toBe(decided.ok ? 'PROCESSING' : 'REJECTED')
    })
  })

  test('there is no page for others, nor for what is not there', async () => {
    for (const name of ['user01', 'manager01'])
      for (const path of [paths.adminAssetMove('10000-DEV'), paths.adminAssetRetire('10000-DEV')])
        expect((await (await signIn(world, name)).get(path)).status).toBe(404)
    expect((await operator.get(paths.adminAssetRetire('NOTHING'))).status).toBe(404)
    expect((await operator.get(paths.adminAssetMove('NOTHING'))).status).toBe(404)
  })
})
