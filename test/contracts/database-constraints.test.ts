import { beforeAll, beforeEach, expect, test } from 'vitest'
import { isUniqueViolation } from '../../db/errors.ts'
import type { NewRow } from '../../db/schema.ts'
import { seedCast } from '../../db/seeds/cast.ts'
import { movableClock } from '../support/clock.ts'
import { onBothEngines } from '../support/engines.ts'
import { serviceRequestRow } from '../support/rows.ts'
import { offerAction } from '../support/runbooks.ts'

const now = '2026-03-02T09:00:00.000Z'

onBothEngines('the database itself guarantees', (_engine, open) => {
  let version = 0
  beforeAll(async () => {
    await seedCast(open().db, { now, passwordHash: () => null })
    version = await offerAction({ db: open().db, clock: movableClock() }, { asset: '10000-DEV' })
  })
  beforeEach(async () => {
    for (const table of ['runs', 'service_requests', 'jobs', 'identities'] as const)
      await open().db.deleteFrom(table).execute()
  })

  const addRequest = async (values: Partial<NewRow<'service_requests'>> = {}) => {
    const { id } = await open()
      .db.insertInto('service_requests')
      .values(serviceRequestRow(values))
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }
  const queued = () => ({ queued_at: now, queued_by: 'USER01', due_at: now, runbook_version_id: version })
  const running = () => ({ ...queued(), status: 'INPROG' as const, holds_lock: 1 as const })
  const refusedAsTaken = async (attempt: Promise<unknown>) =>
    expect(isUniqueViolation(await attempt.catch((error: unknown) => error))).toBe(true)

  test('one exclusive request at a time on an asset, also while its outcome is unknown', async () => {
    const first = await addRequest(running())
    await refusedAsTaken(addRequest(running()))
    await open()
      .db.updateTable('service_requests')
      .set({ status: 'UNKNOWN' })
      .where('id', '=', first)
      .execute()
    await refusedAsTaken(addRequest(running()))
  })

  test('a second one waits in the queue, runs elsewhere, or runs when the first has ended', async () => {
    const first = await addRequest(running())
    const second = await addRequest({ ...queued(), status: 'QUEUED' })
    await addRequest({ ...running(), asset_id: '10000-TST' })
    await open()
      .db.updateTable('service_requests')
      .set({ status: 'RESOLVED', holds_lock: 0 })
      .where('id', '=', first)
      .execute()
    await open().db.updateTable('service_requests').set(running()).where('id', '=', second).execute()
  })

  test('read-only requests run beside an exclusive one', async () => {
    await addRequest(running())
    await addRequest({ ...running(), mode: 'read-only', holds_lock: 0 })
    await addRequest({ ...running(), mode: 'read-only', holds_lock: 0 })
  })

  test('the lock is held exactly while an exclusive request runs', async () => {
    await expect(addRequest({ ...running(), holds_lock: 0 })).rejects.toThrow(/check/i)
    await expect(addRequest({ status: 'NEW', holds_lock: 1 })).rejects.toThrow(/check/i)
    await expect(addRequest({ ...running(), mode: 'read-only' })).rejects.toThrow(/check/i)
  })

  test('what is queued has its time and its frozen runbook', async () => {
    await expect(addRequest({ status: 'QUEUED' })).rejects.toThrow(/check/i)
    await expect(addRequest({ ...queued(), status: 'QUEUED', runbook_version_id: null })).rejects.toThrow(
      /check/i,
    )
  })

  test('a Requested Start has wall time, zone and instant, or nothing', async () => {
    await addRequest({ requested_wall: '2026-03-03T09:00', requested_zone: 'UTC', requested_start: now })
    await expect(addRequest({ requested_start: now })).rejects.toThrow(/check/i)
    await expect(addRequest({ requested_wall: '2026-03-03T09:00' })).rejects.toThrow(/check/i)
  })

  test('one request per form, however often it is sent', async () => {
    await addRequest({ form_key: 'once' })
    await refusedAsTaken(addRequest({ form_key: 'once' }))
  })

  test('one run per request and attempt', async () => {
    const request_id = await addRequest(running())
    const run = (attempt: number) =>
      open()
        .db.insertInto('runs')
        .values({
          request_id,
          attempt,
          state: 'running',
          worker_id: 'w',
          host: 'h',
          fence: 1,
          started_at: now,
        })
        .execute()
    await run(1)
    await refusedAsTaken(run(1))
    await run(2)
  })

  test('one open job per key; a finished one makes room', async () => {
    const add = () =>
      open()
        .db.insertInto('jobs')
        .values({ name: 'nothing', payload: '{}', run_at: now, created_at: now, unique_key: 'k' })
        .execute()
    await add()
    await refusedAsTaken(add())
    await open().db.updateTable('jobs').set({ state: 'done', finished_at: now }).execute()
    await add()
  })

  test('one open access per person, asset and type; a removed one makes room', async () => {
    const add = () =>
      open()
        .db.insertInto('accesses')
        .values({
          person_id: 'USER02',
          asset_id: '10000-DEV',
          customer_id: '10000',
          access_type: 'self-service-portal',
          status: 'PROCESSING',
          justification: '',
          created_at: now,
        })
        .execute()
    await add()
    await refusedAsTaken(add())
    await open()
      .db.updateTable('accesses')
      .set({ status: 'REMOVED' })
      .where('person_id', '=', 'USER02')
      .execute()
    await add()
  })

  test('one person per Login ID, and per identity of a sign-in provider', async () => {
    const copy = open()
      .db.insertInto('persons')
      .columns([
        ...(['id', 'login_id', 'login_key', 'first_name', 'last_name', 'display_name'] as const),
        ...(['primary_email', 'role', 'status', 'search_text', 'created_at'] as const),
      ])
      .expression(
        open()
          .db.selectFrom('persons')
          .select(eb => [
            eb.val('USER99').as('id'),
            ...(['login_id', 'login_key', 'first_name', 'last_name', 'display_name'] as const),
            ...(['primary_email', 'role', 'status', 'search_text', 'created_at'] as const),
          ])
          .where('id', '=', 'USER01'),
      )
    await refusedAsTaken(copy.execute())
    const identity = (person_id: string) =>
      open()
        .db.insertInto('identities')
        .values({ issuer: 'https://id.example.com', subject: '7', person_id, created_at: now })
        .execute()
    await identity('USER01')
    await refusedAsTaken(identity('USER02'))
  })

  test('every manager manages one customer, and nobody else does', async () => {
    const change = (person: string, values: { managing_customer_id: string | null }) =>
      open().db.updateTable('persons').set(values).where('id', '=', person).execute()
    await expect(change('MANAGER01', { managing_customer_id: null })).rejects.toThrow(/check/i)
    await expect(change('USER01', { managing_customer_id: '10000' })).rejects.toThrow(/check/i)
  })

  test('nothing leads to a customer, asset, person or request that is not there', async () => {
    for (const values of [
      { customer_id: '99999' },
      { asset_id: '99999-DEV' },
      { reported_by: 'NOBODY' },
      { action_id: 'nothing' },
      { copied_from: 123_456 },
    ])
      await expect(addRequest(values)).rejects.toThrow(/foreign key/i)
    await expect(open().db.deleteFrom('customers').where('id', '=', '10000').execute()).rejects.toThrow(
      /foreign key/i,
    )
  })

  test('only the words of the vocabulary are stored', async () => {
    const change = (column: 'status' | 'role' | 'theme', word: string) =>
      open()
        .db.updateTable('persons')
        .set({ [column]: word })
        .where('id', '=', 'USER01')
        .execute()
    for (const [column, word] of [
      ['status', 'active'],
      ['role', 'ADMIN'],
      ['theme', 'pink'],
    ] as const)
      await expect(change(column, word)).rejects.toThrow(/check/i)
  })
})
