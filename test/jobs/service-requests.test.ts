import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { days, hours, minutes } from '../../src/clock.ts'
import { abortRequest } from '../../src/service-requests/abort-request.ts'
import { saveRequest } from '../../src/service-requests/create-request.ts'
import { keepWallTimes } from '../../src/service-requests/keep-wall-time.ts'
import { closeOldRequests, findForgottenRequests } from '../../src/service-requests/look-after-requests.ts'
import { missLateRequests } from '../../src/service-requests/miss-requests.ts'
import { waitsFor } from '../../src/service-requests/queue-place.ts'
import { queueRequest } from '../../src/service-requests/queue-request.ts'
import { cancelRequest, settleRequest, takeBack } from '../../src/service-requests/request-acts.ts'
import { engines } from '../support/engines.ts'
import { queued, requestNow, saved, statusOf, trailOf, typed } from '../support/queued.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { startWork, workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const script = (text: string, more: object = {}) =>
  runbookDefinition.parse({
    steps: [{ name: 'Script', executor: 'command', argv: ['/bin/sh', '-c', text] }],
    ...more,
  })

describe.each(engines)('a queued service request (%s)', engine => {
  let world: World
  let folder: string

  beforeEach(async () => {
    world = await createWorld(engine)
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-gate-'))
  })
  afterEach(async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const gate = () => path.join(folder, 'open')
  /** A runbook that waits until the test opens the gate. */
  const waits = () => script(`while [ ! -e ${gate()} ]; do sleep 0.05; done; echo through`)
  const openGate = () => writeFileSync(gate(), '')
  const subjects = async () => (await world.mails()).map(mail => mail.subject)
  const user01 = () => world.actor('USER01')

  /** Somebody else's request whose outcome is not known holds the environment. */
  const lost = async () => {
    const [id = 0] = await addRequests(world.deps.db, [
      requestRow({ status: 'UNKNOWN', holds_lock: 1, actual_start: world.clock.instant() }),
    ])
    return id
  }

  test('runs what was frozen, not what was set up afterwards', async () => {
    const version = await offerAction(world.deps, { asset: '10000-DEV', definition: script('echo first') })
    const id = await queued(world)
    const { runbook_id } = await world.deps.db
      .selectFrom('runbook_versions')
      .select('runbook_id')
      .where('id', '=', version)
      .executeTakeFirstOrThrow()
    const newer = { runbook_id, version: 2, definition: JSON.stringify(script('exit 9')), created_by: null }
    await world.deps.db
      .insertInto('runbook_versions')
      .values({ ...newer, created_at: world.clock.instant() })
      .execute()
    await workOff(world)
    expect(await requestNow(world, id)).toMatchObject({
      status: 'RESOLVED',
      runbook_version_id: version,
      holds_lock: 0,
      actual_start: world.clock.instant(),
      actual_finish: world.clock.instant(),
    })
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'picked up', 'resolved'])
  })

  test('says which step failed, and mails it', async () => {
    await offerAction(world.deps, { asset: '10000-DEV', definition: script('echo broken; exit 3') })
    const id = await queued(world)
    await workOff(world)
    const request = await requestNow(world, id)
    expect(request.status).toBe('FAILED')
    expect(request.reason).toMatch(/Step “Script”.*3/)
    expect(await subjects()).toEqual([`Service request ${id}: started`, `Service request ${id}: FAILED`])
  })

  test('queued twice at once runs once', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await saved(world)
    const both = await Promise.all([
      queueRequest(world.deps, user01(), id),
      queueRequest(world.deps, user01(), id),
    ])
    expect(both).toMatchObject([{ ok: true }, { ok: true }])
    expect((await queueRequest(world.deps, user01(), id)).ok).toBe(true)
    await workOff(world)
    expect((await queueRequest(world.deps, user01(), id)).ok).toBe(true)
    const runs = await world.deps.db.selectFrom('runs').selectAll().execute()
    expect(runs).toHaveLength(1)
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'picked up', 'resolved'])
  })

  test('saved twice at once is saved once', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await saved(world)
    const save = () => saveRequest(world.deps, user01(), id, typed({ summary: 'After the patch' }), 1)
    expect(await Promise.all([save(), save()])).toMatchObject([{ ok: true }, { ok: true }])
    expect(await requestNow(world, id)).toMatchObject({ summary: 'After the patch', version: 2 })
    expect(await trailOf(world, id)).toEqual(['created', 'changed'])
    const other = await saveRequest(world.deps, user01(), id, typed({ summary: 'Another one' }), 1)
    expect(other).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  test('taken back or cancelled twice at once, it is so once', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world)
    for (const act of [takeBack, cancelRequest]) {
      const both = await Promise.all([act(world.deps, user01(), id), act(world.deps, user01(), id)])
      expect(both).toMatchObject([{ ok: true }, { ok: true }])
    }
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'taken back', 'cancelled'])
  })

  test('waits for the one before it on the same environment; read-only ones run beside', async () => {
    await offerAction(world.deps, { asset: '10000-DEV', definition: waits() })
    await offerAction(world.deps, {
      asset: '10000-DEV',
      action: 'start-application',
      definition: script('echo second'),
    })
    await offerAction(world.deps, { asset: '10000-TST' })
    await world.deps.db
      .updateTable('actions')
      .set({ mode: 'read-only' })
      .where('id', '=', 'stop-application')
      .execute()
    await offerAction(world.deps, { asset: '10000-DEV', action: 'stop-application' })
    const first = await queued(world)
    const work = await startWork(world)
    await expect.poll(() => statusOf(world, first), { timeout: 20_000 }).toBe('INPROG')
    world.clock.advance(1000)
    const second = await queued(world, { requested_action: 'Start' })
    const third = await queued(world, { requested_action: 'Start' })
    const beside = await queued(world, { requested_action: 'Stop' })
    const elsewhere = await queued(world, { target_environment: '10000-TST' })
    await expect.poll(() => statusOf(world, beside), { timeout: 20_000 }).toBe('RESOLVED')
    await expect.poll(() => statusOf(world, elsewhere), { timeout: 20_000 }).toBe('RESOLVED')
    expect(await statusOf(world, second)).toBe('QUEUED')
    const place = await waitsFor(world.deps.db, await requestNow(world, third), world.clock.instant())
    expect(place).toMatchObject({ ahead: 1, holder: { id: first, status: 'INPROG' } })
    openGate()
    await expect.poll(() => statusOf(world, third), { timeout: 20_000 }).toBe('RESOLVED')
    await work.stop()
    const picked = await world.deps.db
      .selectFrom('runs')
      .select('request_id')
      .where('request_id', 'in', [first, second, third])
      .orderBy('id')
      .execute()
    expect(picked.map(run => run.request_id)).toEqual([first, second, third])
  })

  test('never runs beside another one, however many there are', async () => {
    const trace = path.join(folder, 'trace')
    await offerAction(world.deps, {
      asset: '10000-DEV',
      definition: script(`echo in >> ${trace}; sleep 0.02; echo out >> ${trace}`),
    })
    for (let i = 0; i < 8; i++) await queued(world)
    await workOff(world)
    const { readFileSync } = await import('node:fs')
    expect(readFileSync(trace, 'utf8')).toBe('in\nout\n'.repeat(8))
  })

  const withdrawals: readonly (readonly [string, (db: World['deps']['db']) => Promise<unknown>, RegExp])[] = [
    [
      'the right',
      db => db.updateTable('accesses').set({ status: 'REMOVED' }).where('person_id', '=', 'USER01').execute(),
      /User 01, who queued it, has no approved Self-Service Portal access/,
    ],
    [
      'the customer',
      db => db.deleteFrom('customer_access').where('person_id', '=', 'USER01').execute(),
      /no approved Self-Service Portal access/,
    ],
    [
      'the person',
      db => db.updateTable('persons').set({ status: 'INACTIVE' }).where('id', '=', 'USER01').execute(),
      /not an active user any more/,
    ],
    [
      'the environment',
      db => db.updateTable('assets').set({ status: 'RETIRED' }).where('id', '=', '10000-DEV').execute(),
      /10000-DEV has been retired/,
    ],
    [
      'its customer',
      db => db.updateTable('assets').set({ customer_id: '20000' }).where('id', '=', '10000-DEV').execute(),
      /belongs to another customer/,
    ],
    [
      'its class',
      db => db.updateTable('assets').set({ class: 'PRODUCTION' }).where('id', '=', '10000-DEV').execute(),
      /production environment/,
    ],
    [
      'the action',
      db =>
        db
          .updateTable('actions')
          .set({ status: 'WITHDRAWN' })
          .where('id', '=', 'restart-application')
          .execute(),
      /withdrawn/,
    ],
    ['the runbook', db => db.deleteFrom('asset_actions').execute(), /Nothing has been set up/],
  ]

  test.each(withdrawals)(
    'is refused at pick-up when %s was withdrawn meanwhile',
    async (_what, withdraw, words) => {
      await offerAction(world.deps, { asset: '10000-DEV' })
      const id = await queued(world)
      await withdraw(world.deps.db)
      await workOff(world)
      const request = await requestNow(world, id)
      expect(request).toMatchObject({ status: 'FAILED', holds_lock: 0, actual_start: null })
      expect(request.reason).toMatch(words)
      expect(await trailOf(world, id)).toEqual(['created', 'queued', 'refused at pick-up'])
      expect(await world.deps.db.selectFrom('runs').selectAll().execute()).toEqual([])
    },
  )

  test('starts at its Requested Start and not before', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world, { requested_start: '2026-03-02T10:00' })
    await workOff(world)
    expect(await statusOf(world, id)).toBe('QUEUED')
    world.clock.set('2026-03-02T10:00:00.000Z')
    await workOff(world)
    expect(await statusOf(world, id)).toBe('RESOLVED')
  })

  test('is warned of, then MISSED, when it could not start in time', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const holder = await lost()
    const id = await queued(world, { requested_start: '2026-03-02T10:00' })
    world.clock.set('2026-03-02T10:14:59.000Z')
    await missLateRequests(world.deps)
    expect((await requestNow(world, id)).warned_at).toBe(null)
    world.clock.set('2026-03-02T10:15:01.000Z')
    await missLateRequests(world.deps)
    await missLateRequests(world.deps)
    expect((await requestNow(world, id)).warned_at).toBe(world.clock.instant())
    world.clock.set('2026-03-02T10:30:01.000Z')
    await missLateRequests(world.deps)
    expect(await requestNow(world, id)).toMatchObject({
      status: 'MISSED',
      reason: 'It was not started within 30 minutes of its Requested Start.',
    })
    const mails = await world.mails()
    expect(mails.map(mail => mail.subject)).toEqual([
      `Service request ${id}: late`,
      `Service request ${id}: MISSED`,
    ])
    expect(mails[0]?.body).toContain(`It waits for service request ${holder}, whose outcome is not known`)
    expect(mails[0]?.body).toContain('Monday 2 March 2026, 10:30 UTC')
  })

  test('is MISSED by the pick-up itself, when the worker comes back too late', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world, { requested_start: '2026-03-02T10:00' })
    world.clock.set('2026-03-02T10:30:01.000Z')
    await workOff(world)
    expect(await statusOf(world, id)).toBe('MISSED')
    expect(await world.deps.db.selectFrom('runs').selectAll().execute()).toEqual([])
  })

  test('as soon as possible is MISSED when no worker was alive for the limit', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world)
    world.clock.advance(minutes(31))
    await workOff(world)
    expect(await requestNow(world, id)).toMatchObject({
      status: 'MISSED',
      reason: 'No worker of the portal was running for more than 30 minutes while it waited.',
    })
  })

  test('as soon as possible waits behind another one for a day, then is MISSED', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    await lost()
    const id = await queued(world)
    await world.deps.db
      .insertInto('workers')
      .values({
        id: 'always-there',
        host: 'h',
        boot_id: 'b',
        pid: 1,
        proc_start: '1',
        version: '1',
        started_at: world.clock.instant(),
        seen_at: '2030-01-01T00:00:00.000Z',
        stopped_at: null,
      })
      .execute()
    world.clock.advance(hours(22))
    await missLateRequests(world.deps)
    expect(await requestNow(world, id)).toMatchObject({ status: 'QUEUED', warned_at: null })
    world.clock.advance(hours(1))
    await missLateRequests(world.deps)
    expect((await requestNow(world, id)).warned_at).toBe(world.clock.instant())
    world.clock.advance(hours(1) + 1000)
    await missLateRequests(world.deps)
    expect(await statusOf(world, id)).toBe('MISSED')
  })

  test('waits while an outcome is unknown, and runs when it is settled', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const holder = await lost()
    const id = await queued(world)
    await workOff(world)
    expect(await statusOf(world, id)).toBe('QUEUED')
    const manager = world.actor('MANAGER01')
    const empty = await settleRequest(world.deps, manager, holder, 'settle-failed', '  ')
    expect(empty).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    const outsider = await settleRequest(world.deps, world.actor('MANAGER03'), holder, 'settle-failed', 'x')
    expect(outsider).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
    const own = await settleRequest(world.deps, user01(), holder, 'settle-failed', 'x')
    expect(own).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
    await settleRequest(world.deps, manager, holder, 'settle-failed', 'The application was down')
    expect(await requestNow(world, holder)).toMatchObject({
      status: 'FAILED',
      holds_lock: 0,
      reason: 'Settled as FAILED by Manager 01: The application was down',
    })
    await workOff(world)
    expect(await statusOf(world, id)).toBe('RESOLVED')
  })

  test('taken back it does not run, and can be queued again', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world)
    expect((await takeBack(world.deps, user01(), id)).ok).toBe(true)
    await workOff(world)
    expect(await requestNow(world, id)).toMatchObject({ status: 'NEW', queued_by: null, due_at: null })
    await queueRequest(world.deps, user01(), id)
    await workOff(world)
    expect(await statusOf(world, id)).toBe('RESOLVED')
  })

  test('cancelled it never runs; picked up it can’t be cancelled', async () => {
    await offerAction(world.deps, { asset: '10000-DEV', definition: waits() })
    const cancelled = await queued(world)
    await cancelRequest(world.deps, user01(), cancelled)
    await workOff(world)
    expect(await statusOf(world, cancelled)).toBe('CANCELLED')
    const running = await queued(world)
    const work = await startWork(world)
    await expect.poll(() => statusOf(world, running), { timeout: 20_000 }).toBe('INPROG')
    for (const stop of [cancelRequest, takeBack]) {
      const result = await stop(world.deps, user01(), running)
      expect(result).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      if (!result.ok) expect(result.problem.message).toContain('it cannot be stopped')
    }
    openGate()
    await expect.poll(() => statusOf(world, running), { timeout: 20_000 }).toBe('RESOLVED')
    await work.stop()
  })

  test('only an operator aborts it, with a reason', async () => {
    await offerAction(world.deps, { asset: '10000-DEV', definition: waits() })
    const id = await queued(world)
    const work = await startWork(world)
    await expect.poll(() => statusOf(world, id), { timeout: 20_000 }).toBe('INPROG')
    expect(await abortRequest(world.deps, user01(), id, 'Stop')).toMatchObject({
      ok: false,
      problem: { kind: 'forbidden' },
    })
    expect(await abortRequest(world.deps, world.actor('OPERATOR01'), id, ' ')).toMatchObject({
      ok: false,
      problem: { kind: 'invalid' },
    })
    expect((await abortRequest(world.deps, world.actor('OPERATOR01'), id, 'It hangs')).ok).toBe(true)
    await expect.poll(() => statusOf(world, id), { timeout: 20_000 }).toBe('FAILED')
    await work.stop()
    expect((await requestNow(world, id)).reason).toBe('Aborted by an operator: It hangs')
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'picked up', 'aborted', 'failed'])
  })

  test('keeps its wall time when the rules of its zone change', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world, { requested_start: '2026-07-01T09:00', requested_zone: 'Europe/Berlin' })
    const old = '2026-07-01T08:00:00.000Z'
    await world.deps.db
      .updateTable('service_requests')
      .set({ requested_start: old, due_at: old })
      .where('id', '=', id)
      .execute()
    await keepWallTimes(world.deps)
    await keepWallTimes(world.deps)
    expect(await requestNow(world, id)).toMatchObject({
      requested_wall: '2026-07-01T09:00',
      requested_start: '2026-07-01T07:00:00.000Z',
      due_at: '2026-07-01T07:00:00.000Z',
    })
    const [mail, ...others] = await world.mails()
    expect(others).toEqual([])
    expect(mail?.body).toContain('Wednesday 1 July 2026, 09:00 Europe/Berlin')
    const job = await world.deps.db.selectFrom('jobs').select('run_at').executeTakeFirstOrThrow()
    expect(job.run_at).toBe('2026-07-01T07:00:00.000Z')
  })

  test('whose job was lost gets another one', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await queued(world)
    await world.deps.db.deleteFrom('jobs').execute()
    await findForgottenRequests(world.deps)
    await findForgottenRequests(world.deps)
    expect(await world.deps.db.selectFrom('jobs').selectAll().execute()).toHaveLength(1)
    await workOff(world)
    expect(await statusOf(world, id)).toBe('RESOLVED')
  })

  test('whose job was given up while it ran gets another one', async () => {
    const at = world.clock.instant()
    const runbook_version_id = await offerAction(world.deps, { asset: '10000-DEV' })
    const running = { status: 'INPROG', queued_at: at, due_at: at, actual_start: at, holds_lock: 1 } as const
    const [id] = await addRequests(world.deps.db, [requestRow({ ...running, runbook_version_id })])
    await findForgottenRequests(world.deps)
    const jobs = await world.deps.db.selectFrom('jobs').select(['unique_key', 'run_at']).execute()
    expect(jobs).toEqual([{ unique_key: `service-request:${id}`, run_at: at }])
  })

  test.each(['exit 0', 'exit 1'])('finished (%s) and left alone is closed after 30 days', async outcome => {
    await offerAction(world.deps, { asset: '10000-DEV', definition: script(outcome) })
    const id = await queued(world)
    await workOff(world)
    const { status } = await requestNow(world, id)
    world.clock.advance(days(30))
    await closeOldRequests(world.deps)
    expect(await statusOf(world, id)).toBe(status)
    world.clock.advance(1000)
    await closeOldRequests(world.deps)
    expect(await requestNow(world, id)).toMatchObject({ status: 'CLOSED', closed_at: world.clock.instant() })
  })

  test('sends no mail that its requester has switched off', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    await world.deps.db
      .updateTable('persons')
      .set({ muted_mails: JSON.stringify(['service-request-started']) })
      .where('id', '=', 'USER01')
      .execute()
    const id = await queued(world)
    await workOff(world)
    expect(await subjects()).toEqual([`Service request ${id}: RESOLVED`])
  })
})
