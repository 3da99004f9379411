import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookAfterCampaigns } from '../../src/access/campaign-course.ts'
import { prepareBatch } from '../../src/access/campaign-preparation.ts'
import { closeCampaign, startCampaign } from '../../src/access/campaigns.ts'
import { dueParts } from '../../src/access/due-parts.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { revalidate } from '../../src/access/revalidation.ts'
import { days, after as later, minutes } from '../../src/clock.ts'
import { accessState, granted } from '../support/accesses.ts'
import {
  addCrowd,
  afterDays,
  begin,
  campaignMails,
  itemsOfPerson,
  partId,
  partsOf,
  prepared,
  stateOf,
} from '../support/campaigns.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('A re-validation (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const confirm = async (id: number, person: 'USER01' | 'USER02' | 'USER03', customer = '10000') =>
    revalidate(world.deps, world.actor(person), person, await partId(world, id, person, customer))
  const accessOf = async (person: string) =>
    (
      await world.deps.db
        .selectFrom('accesses')
        .select('id')
        .where('person_id', '=', person)
        .orderBy('id')
        .executeTakeFirstOrThrow()
    ).id

  test('asks everybody who holds an access, each with one mail, and nobody else', async () => {
    await granted(world.deps, { person_id: 'USER01', asset_id: '10000-TST' })
    await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV' })
    const id = await prepared(world)
    expect(await stateOf(world, id)).toBe('OPEN')
    expect(await partsOf(world, id)).toEqual(['USER01 10000 OPEN', 'USER01 20000 OPEN', 'USER03 20000 OPEN'])
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual([
      '10000-DEV OPEN',
      '10000-TST OPEN',
      '20000-DEV OPEN',
    ])
    expect(await campaignMails(world)).toEqual([
      'USER01: Please re-validate your accesses',
      'USER03: Please re-validate your accesses',
    ])
    const [mail] = await world.mails()
    expect(mail?.body).toContain('10000 Harbour Logistics: 2 accesses\n20000 Meadow Foods: 1 access\n')
    expect(mail?.body).toContain('/security/access-management/USER01/access')
    expect(mail?.body).toContain('suspended on Wednesday 8 April 2026, 09:00 UTC')
  })

  test('is about one customer only where it was started so; what is granted later is out of it', async () => {
    const id = await begin(world, { customerId: '10000' })
    world.clock.advance(minutes(1))
    await granted(world.deps, { person_id: 'USER02' })
    await granted(world.deps, { person_id: 'USER01', asset_id: '10000-TST' })
    await afterDays(world, 0)
    expect(await partsOf(world, id)).toEqual(['USER01 10000 OPEN'])
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual(['10000-DEV OPEN'])
  })

  test('goes on where it was, whoever prepares it, however often', async () => {
    await addCrowd(world.deps, 25)
    const id = await begin(world)
    const batch = () => prepareBatch(world.deps, id, async () => {}, 10)
    expect(await Promise.all([batch(), batch()])).toEqual([true, true])
    const failing = prepareBatch(
      world.deps,
      id,
      async () => {
        throw new Error('lost')
      },
      10,
    )
    await expect(failing).rejects.toThrow('lost')
    while (await batch());
    expect(await batch()).toBe(false)
    expect(await partsOf(world, id)).toHaveLength(27)
    const mailed = (await world.mails()).map(mail => mail.to_person)
    expect(mailed).toHaveLength(27)
    expect(new Set(mailed).size).toBe(27)
    expect(
      await world.deps.db.selectFrom('campaigns').select(['persons', 'parts', 'state']).executeTakeFirst(),
    ).toEqual({ persons: 27, parts: 27, state: 'OPEN' })
  })

  test('is one at a time, over all customers and for each', async () => {
    const wanted = {
      name: 'Another',
      customerId: null,
      dueAt: later(world.clock.now(), days(10)),
      suspendAt: null,
      removeAt: null,
    }
    await begin(world)
    const operator = world.actor('OPERATOR01')
    expect(await startCampaign(world.deps, operator, wanted)).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', message: expect.stringContaining('“Re-validation 2026”') },
    })
    const forOne = { ...wanted, customerId: '10000' }
    expect((await startCampaign(world.deps, operator, forOne)).ok).toBe(true)
    expect((await startCampaign(world.deps, operator, forOne)).ok).toBe(false)
    expect(await startCampaign(world.deps, world.actor('MANAGER01'), wanted)).toMatchObject({
      problem: { kind: 'forbidden' },
    })
  })

  test('runs its year: reminders, managers, suspended, removed, closed', async () => {
    const id = await prepared(world)
    const [one, three] = [await accessOf('USER01'), await accessOf('USER03')]
    let known = 0
    const fresh = async () => {
      const all = await campaignMails(world)
      const since = all.slice(known)
      known = all.length
      return since
    }
    await fresh()
    await afterDays(world, 15)
    expect(await fresh()).toEqual([])
    await afterDays(world, 1)
    const reminder = 'Reminder: please re-validate your accesses'
    expect(await fresh()).toEqual([`USER01: ${reminder}`, `USER03: ${reminder}`])
    await afterDays(world, 0)
    expect(await fresh()).toEqual([])
    expect((await confirm(id, 'USER03', '20000')).ok).toBe(true)
    // Nothing ran for some days: only the nearest reminder is sent.
    await afterDays(world, 13)
    expect(await fresh()).toEqual([`USER01: ${reminder}`])
    await afterDays(world, 1)
    expect(await fresh()).toEqual([
      'MANAGER01: Re-validation of customer 10000 Harbour Logistics: 1 not answered',
      'MANAGER02: Re-validation of customer 10000 Harbour Logistics: 1 not answered',
    ])
    expect(await accessState(world, one)).toBe('APPROVED')
    await afterDays(world, 7)
    expect(await accessState(world, one)).toBe('SUSPENDED')
    expect(await partsOf(world, id)).toEqual(['USER01 10000 SUSPENDED', 'USER03 20000 CONFIRMED'])
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual(['10000-DEV SUSPENDED'])
    await afterDays(world, 23)
    expect(await accessState(world, one)).toBe('REMOVED')
    expect(await accessState(world, three)).toBe('APPROVED')
    expect(await partsOf(world, id)).toEqual(['USER01 10000 REMOVED', 'USER03 20000 CONFIRMED'])
    expect(await stateOf(world, id)).toBe('CLOSED')
    expect(await fresh()).toEqual([])
  })

  test('gives back what was suspended when it is confirmed late', async () => {
    const id = await prepared(world)
    await afterDays(world, 37)
    const access = await accessOf('USER01')
    expect(await accessState(world, access)).toBe('SUSPENDED')
    expect(await dueParts(world.deps.db, 'USER01')).toMatchObject([
      { customerId: '10000', accesses: [{ assetId: '10000-DEV', status: 'SUSPENDED' }] },
    ])
    expect(await confirm(id, 'USER01')).toMatchObject({ ok: true, value: { confirmed: 1, resumed: 1 } })
    await afterDays(world, 0)
    expect(await accessState(world, access)).toBe('APPROVED')
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual(['10000-DEV CONFIRMED by USER01'])
    expect(await dueParts(world.deps.db, 'USER01')).toEqual([])
  })

  test('counts what was removed meanwhile as removed, and asks for nothing where nothing is left', async () => {
    await granted(world.deps, { person_id: 'USER01', asset_id: '10000-TST' })
    const id = await prepared(world)
    const three = await accessOf('USER03')
    const manager = world.actor('MANAGER03')
    expect((await removeAccess(world.deps, manager, three)).ok).toBe(true)
    expect((await removeAccess(world.deps, world.actor('USER01'), await accessOf('USER01'))).ok).toBe(true)
    expect(await dueParts(world.deps.db, 'USER03')).toEqual([])
    expect(await confirm(id, 'USER01')).toMatchObject({ ok: true, value: { confirmed: 1 } })
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual([
      '10000-DEV REMOVED by USER01',
      '10000-TST CONFIRMED by USER01',
    ])
    await afterDays(world, 1)
    expect(await partsOf(world, id)).toEqual(['USER01 10000 CONFIRMED', 'USER03 20000 ENDED'])
    expect(await itemsOfPerson(world, id, 'USER03')).toEqual(['20000-DEV REMOVED by MANAGER03'])
    expect(await stateOf(world, id)).toBe('CLOSED')
  })

  test('is confirmed for each customer by itself, once, and for every campaign that asks', async () => {
    await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV' })
    const all = await prepared(world)
    const own = await prepared(world, { customerId: '10000', name: 'Sooner' })
    expect(await confirm(all, 'USER01')).toMatchObject({ value: { confirmed: 1, left: 1, again: false } })
    expect(await partsOf(world, own)).toEqual(['USER01 10000 CONFIRMED'])
    expect(await confirm(own, 'USER01')).toMatchObject({ value: { again: true } })
    expect(await dueParts(world.deps.db, 'USER01')).toMatchObject([{ customerId: '20000' }])
    const rows = await world.deps.db
      .selectFrom('audit_events')
      .selectAll()
      .where('verb', '=', 'accesses re-validated')
      .execute()
    expect(rows).toMatchObject([{ actor_id: 'USER01', subject_id: 'USER01', customer_id: '10000' }])
  })

  test('of two presses at once one counts', async () => {
    const id = await prepared(world)
    const both = await Promise.all([confirm(id, 'USER01'), confirm(id, 'USER01')])
    expect(both.map(result => result.ok && result.value.again).sort()).toEqual([false, true])
  })

  test('is nobody else’s to confirm', async () => {
    const id = await prepared(world)
    const part = await partId(world, id, 'USER01', '10000')
    const press = (who: 'MANAGER01' | 'OPERATOR01' | 'MANAGER03' | 'USER02') =>
      revalidate(world.deps, world.actor(who), 'USER01', part)
    for (const who of ['MANAGER01', 'OPERATOR01'] as const)
      expect(await press(who)).toMatchObject({ problem: { kind: 'forbidden' } })
    for (const who of ['MANAGER03', 'USER02'] as const)
      expect(await press(who)).toMatchObject({ problem: { kind: 'not_found' } })
    const others = await partId(world, id, 'USER03', '20000')
    expect(await revalidate(world.deps, world.actor('USER01'), 'USER01', others)).toMatchObject({
      problem: { kind: 'not_found' },
    })
    expect(await partsOf(world, id)).toEqual(['USER01 10000 OPEN', 'USER03 20000 OPEN'])
  })

  test('tells operators of customers without managers', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'MANAGER03')
      .execute()
    await prepared(world)
    await afterDays(world, 30)
    const mail = (await world.mails()).find(one => one.to_person === 'OPERATOR01')
    expect(mail?.subject).toBe('Re-validation “Re-validation 2026”: customers without managers')
    expect(mail?.body).toContain('20000 Meadow Foods: 1 not answered')
    expect(mail?.body).not.toContain('10000 Harbour')
  })

  test('closed early suspends and removes nothing any more', async () => {
    const id = await prepared(world)
    const operator = world.actor('OPERATOR01')
    expect((await closeCampaign(world.deps, operator, id)).ok).toBe(true)
    expect(await closeCampaign(world.deps, operator, id)).toMatchObject({ problem: { kind: 'conflict' } })
    expect(await dueParts(world.deps.db, 'USER01')).toEqual([])
    expect(await confirm(id, 'USER01')).toMatchObject({ problem: { kind: 'conflict' } })
    await afterDays(world, 90)
    expect(await accessState(world, await accessOf('USER01'))).toBe('APPROVED')
    expect(await partsOf(world, id)).toEqual(['USER01 10000 OPEN', 'USER03 20000 OPEN'])
  })

  test('begins by itself a year after the last one, and ends one that nobody closed', async () => {
    await afterDays(world, 364)
    expect(await world.deps.db.selectFrom('campaigns').selectAll().execute()).toEqual([])
    await afterDays(world, 1)
    const first = await world.deps.db.selectFrom('campaigns').selectAll().executeTakeFirstOrThrow()
    expect(first).toMatchObject({ state: 'OPEN', name: 'Re-validation 2027-03-02', started_by: null })
    expect(first.due_at).toBe(later(first.started_at, days(30)))
    expect(first.remove_at).toBe(later(first.started_at, days(60)))
    await world.deps.db.updateTable('campaigns').set({ suspend_at: null, remove_at: null }).execute()
    await afterDays(world, 365)
    const states = await world.deps.db
      .selectFrom('campaigns')
      .select(['name', 'state'])
      .orderBy('id')
      .execute()
    expect(states).toEqual([
      { name: 'Re-validation 2027-03-02', state: 'CLOSED' },
      { name: 'Re-validation 2028-03-01', state: 'OPEN' },
    ])
    await Promise.all([lookAfterCampaigns(world.deps), lookAfterCampaigns(world.deps)])
    expect(await world.deps.db.selectFrom('campaigns').select('id').execute()).toHaveLength(2)
  })

  test('never begins by itself where the settings say so', async () => {
    await world.deps.db.insertInto('settings').values({ name: 'cbn_every_days', value: '0' }).execute()
    await afterDays(world, 1000)
    expect(await world.deps.db.selectFrom('campaigns').selectAll().execute()).toEqual([])
  })

  test('two nodes at the same dates do everything once', async () => {
    await addCrowd(world.deps, 60)
    const id = await prepared(world)
    const both = async (count: number) => {
      world.clock.advance(days(count))
      await Promise.all([lookAfterCampaigns(world.deps), lookAfterCampaigns(world.deps)])
    }
    await both(16)
    await both(14)
    await both(7)
    const mails = await campaignMails(world)
    expect(mails).toHaveLength(62 + 62 + 3)
    expect(new Set(mails).size).toBe(62 + 62 + 3)
    const states = new Set((await partsOf(world, id)).map(part => part.split(' ')[2]))
    expect([...states]).toEqual(['SUSPENDED'])
    const jobs = await world.deps.db
      .selectFrom('jobs')
      .select('id')
      .where('name', '=', 'work on access')
      .execute()
    expect(jobs).toHaveLength(62)
  })
})
