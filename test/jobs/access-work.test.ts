import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { retryAccess } from '../../src/access/retry-access.ts'
import { begunInARow } from '../../src/automation/run-records.ts'
import { hours, minutes } from '../../src/clock.ts'
import { customersToRequestFor } from '../../src/service-requests/find-request.ts'
import {
  accessMails,
  accessNow,
  accessRuns,
  accessState,
  accessTrail,
  addAccess,
  addRunbookType,
  addRunbookVersion,
  approved,
  granted,
  type RunbookType,
} from '../support/accesses.ts'
import { engines } from '../support/engines.ts'
import { startWork, workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, script } from './run-world.ts'

/** What the background work does about accesses, in one process and on a clock that the test moves. */
describe.each(engines)('The background work on an access (%s)', engine => {
  let world: World
  let place: string
  beforeEach(async () => {
    place = folder()
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const account = () => path.join(place, 'account')
  const log = () => path.join(place, 'log')
  const gate = () => path.join(place, 'gate')
  const openGate = () => writeFileSync(gate(), '')
  const did = (text: string) => script(`echo "${text}" >>${log()}`)
  /** The grant makes an account, which is a file here; the removal succeeds when it is gone. */
  const grantScript = (more = '') => ({
    steps: [script(`echo "grant {{person.id}} on {{asset.id}}" >>${log()}; ${more} touch ${account()}`)],
  })
  const removalScript = () => ({
    steps: [script(`echo "remove {{person.login_id}}" >>${log()}; rm -f ${account()}`)],
  })
  const waits = () => `until [ -e ${gate()} ]; do [ -d ${place} ] || exit 1; sleep 0.02; done;`
  const sftp = (grant: object = grantScript(), removal: object = removalScript()): Promise<RunbookType> =>
    addRunbookType(world.deps, { grant, removal })
  const approvedSftp = (type: RunbookType) =>
    approved(world.deps, { access_type: type.id, runbook_version_id: type.grantVersion })
  const state = (id: number) => accessState(world, id)
  const set = (table: 'persons' | 'assets' | 'access_types', id: string, values: object) =>
    world.deps.db.updateTable(table).set(values).where('id', '=', id).execute()
  const begin = async (id: number) => {
    await findForgottenAccesses(world.deps)
    return id
  }
  const work = async (id: number) => {
    await begin(id)
    await workOff(world)
    return state(id)
  }

  describe('grants', () => {
    test('what the portal itself opens, and tells who asked and who has it', async () => {
      const id = await approved(world.deps, { requested_by: 'MANAGER02' })
      expect(await customersToRequestFor(world.deps.db, 'USER02')).toEqual([])
      expect(await work(id)).toBe('APPROVED')
      expect(await customersToRequestFor(world.deps.db, 'USER02')).toEqual(['10000'])
      expect(await accessTrail(world, id)).toEqual(['granted'])
      expect(await accessMails(world, id)).toEqual([
        'access-granted to MANAGER02',
        'access-granted to USER02',
      ])
      expect(await accessNow(world, id)).toMatchObject({ granted_at: world.clock.instant(), attempts: 0 })
    })

    test('the Client Communications Center too', async () => {
      const id = await approved(world.deps, { access_type: 'client-communications-center' })
      expect(await work(id)).toBe('APPROVED')
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02'])
    })

    test('nothing that nobody has decided', async () => {
      const id = await addAccess(world.deps)
      await begin(id)
      expect(await world.deps.db.selectFrom('jobs').selectAll().execute()).toEqual([])
    })

    test('by the runbook as it was approved, with the values of person and asset', async () => {
      const type = await sftp()
      const id = await approvedSftp(type)
      await addRunbookVersion(world.deps, type.grantRunbook, 2, { steps: [did('newer')] })
      expect(await work(id)).toBe('APPROVED')
      expect(deeds(log())).toEqual(['grant USER02 on 10000-DEV'])
      expect(existsSync(account())).toBe(true)
      expect(await accessRuns(world, id)).toEqual(['1 grant succeeded'])
      expect(world.announced).toContain(`access:${id}`)
    })

    test('who has not been made ACTIVE yet as soon as they are', async () => {
      await set('persons', 'USER02', { status: 'PENDING CREATE' })
      const id = await approved(world.deps)
      expect(await work(id)).toBe('PROCESSING, PROVISIONING')
      await set('persons', 'USER02', { status: 'ACTIVE' })
      world.clock.advance(minutes(2))
      await workOff(world)
      expect(await state(id)).toBe('APPROVED')
    })

    test.each<[string, string, () => Promise<unknown>]>([
      [
        'the person was deactivated',
        'User 02 is not an active user any more.',
        () => set('persons', 'USER02', { status: 'INACTIVE' }),
      ],
      [
        'the customer was taken from their list',
        'Customer 10000 is not in the Customer Access List of User 02 any more.',
        () => world.deps.db.deleteFrom('customer_access').where('person_id', '=', 'USER02').execute(),
      ],
      [
        'the asset was retired',
        '10000-DEV has been retired.',
        () => set('assets', '10000-DEV', { status: 'RETIRED' }),
      ],
      [
        'the asset was moved',
        '10000-DEV belongs to another customer by now.',
        () => set('assets', '10000-DEV', { customer_id: '20000' }),
      ],
      [
        'the type was withdrawn',
        'SFTP is not offered any more.',
        () => set('access_types', 'sftp', { status: 'WITHDRAWN' }),
      ],
    ])('nothing, and says so, when %s meanwhile', async (_title, reason, meanwhile) => {
      const id = await approvedSftp(await sftp())
      await meanwhile()
      expect(await work(id)).toBe('REMOVED')
      expect(await accessNow(world, id)).toMatchObject({ reason, granted_at: null })
      expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
      expect(deeds(log())).toEqual([])
      expect((await accessMails(world, id)).every(mail => mail.startsWith('access-ended'))).toBe(true)
    })
  })

  describe('a failure', () => {
    const broken = () => ({
      steps: [script(`echo try >>${log()}; [ -e ${gate()} ]`, { name: 'Create account' })],
    })

    test('is shown, told to operators once, and tried again until it works', async () => {
      const id = await approvedSftp(await sftp(broken()))
      expect(await work(id)).toMatch(/^PROCESSING, FAILED: Step “Create account”: Exit status 1\.$/)
      world.clock.advance(minutes(1))
      await workOff(world)
      world.clock.advance(minutes(1))
      await workOff(world)
      expect(await accessRuns(world, id)).toEqual(['1 grant failed', '2 grant failed'])
      expect(await accessMails(world, id)).toEqual(['access-failed to OPERATOR01'])
      openGate()
      world.clock.advance(minutes(1))
      await workOff(world)
      expect(await state(id)).toBe('APPROVED')
      expect(await accessRuns(world, id)).toHaveLength(3)
      expect(await accessMails(world, id)).toEqual([
        'access-failed to OPERATOR01',
        'access-granted to USER02',
      ])
      expect(await accessTrail(world, id)).toEqual(['failed', 'granted'])
    })

    test('waits six hours at most, and goes on for ever', async () => {
      const id = await approvedSftp(await sftp(broken()))
      await world.deps.db.updateTable('accesses').set({ attempts: 40 }).where('id', '=', id).execute()
      await work(id)
      const next = await world.deps.db
        .selectFrom('jobs')
        .select(['state', 'run_at', 'attempts'])
        .executeTakeFirst()
      expect(next).toMatchObject({ state: 'queued', attempts: 0 })
      expect(Date.parse(next?.run_at ?? '') - world.clock.now().getTime()).toBe(hours(6))
    })

    test('is retried by an operator at once, and by nobody else', async () => {
      const id = await approvedSftp(await sftp(broken()))
      await work(id)
      const retry = (who: 'OPERATOR01' | 'MANAGER01' | 'USER02' | 'USER01') =>
        retryAccess(world.deps, world.actor(who), id)
      expect(await retry('MANAGER01')).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
      expect(await retry('USER02')).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
      expect(await retry('USER01')).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
      openGate()
      expect(await retry('OPERATOR01')).toMatchObject({ ok: true })
      expect(await state(id)).toBe('PROCESSING, PROVISIONING')
      expect(await retry('OPERATOR01')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      await workOff(world)
      expect(await state(id)).toBe('APPROVED')
      expect(await accessTrail(world, id)).toEqual(['failed', 'retried', 'granted'])
      expect(await retry('OPERATOR01')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    })

    test('shows no secret and stays short', async () => {
      writeFileSync(path.join(place, 'secret'), 'hunter2hunter2')
      const speaks = {
        steps: [
          {
            name: 'Create account',
            executor: 'command',
            argv: ['/bin/sh', '-c', 'echo "$PASSWORD"; exit 1'],
            env: { PASSWORD: { secret: `file:${place}/secret` } },
          },
        ],
      }
      const id = await approvedSftp(await sftp(speaks))
      await work(id)
      const { pending_status } = await accessNow(world, id)
      expect(pending_status).toMatch(/^FAILED: /)
      const stored = JSON.stringify([
        await world.deps.db.selectFrom('accesses').selectAll().execute(),
        await world.deps.db.selectFrom('run_steps').selectAll().execute(),
        await world.mails(),
      ])
      expect(stored).not.toContain('hunter2hunter2')
    })
  })

  describe('removes', () => {
    const removed = (who: 'USER02' | 'MANAGER01' | 'MANAGER03' | 'USER01' | 'OPERATOR01', id: number) =>
      removeAccess(world.deps, world.actor(who), id)

    test('what the portal itself opens at once, and says so', async () => {
      const id = await granted(world.deps)
      expect(await removed('USER02', id)).toMatchObject({ ok: true, value: { status: 'PENDING REMOVAL' } })
      expect(await customersToRequestFor(world.deps.db, 'USER02')).toEqual([])
      await workOff(world)
      expect(await accessNow(world, id)).toMatchObject({
        status: 'REMOVED',
        pending_status: null,
        reason: 'Removed by User 02.',
        removal_by: 'USER02',
        removed_at: world.clock.instant(),
      })
      expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
      expect(await accessMails(world, id)).toEqual(['access-removed to USER02'])
    })

    test('a request that waits for its decision at once: nothing was granted', async () => {
      const id = await addAccess(world.deps, { requested_by: 'MANAGER02' })
      expect(await removed('MANAGER01', id)).toMatchObject({ ok: true, value: { status: 'REMOVED' } })
      expect(await accessTrail(world, id)).toEqual(['withdrawn'])
      expect(await accessMails(world, id)).toEqual(['access-ended to MANAGER02', 'access-ended to USER02'])
      expect(await accessNow(world, id)).toMatchObject({ reason: 'Withdrawn by Manager 01.' })
    })

    test('by the newest runbook, for whoever it was granted to under whatever name', async () => {
      const type = await sftp()
      const id = await approvedSftp(type)
      await work(id)
      await set('persons', 'USER02', { login_id: 'married@example.com', login_key: 'married@example.com' })
      await addRunbookVersion(world.deps, type.removalRunbook, 2, {
        steps: [script(`echo "better {{person.login_id}}" >>${log()}; rm -f ${account()}`)],
      })
      await removed('OPERATOR01', id)
      await workOff(world)
      expect(await state(id)).toBe('REMOVED')
      expect(deeds(log())).toEqual(['grant USER02 on 10000-DEV', 'better user02@example.com'])
      expect(existsSync(account())).toBe(false)
      expect(await accessNow(world, id)).toMatchObject({ reason: 'Removed by operator.' })
      expect(await accessRuns(world, id)).toEqual(['1 grant succeeded', '2 removal succeeded'])
    })

    test('what has gone already', async () => {
      const id = await granted(world.deps, { access_type: (await sftp()).id })
      await removed('USER02', id)
      await workOff(world)
      expect(await state(id)).toBe('REMOVED')
      expect(deeds(log())).toEqual(['remove user02@example.com'])
    })

    test('again and again until it is gone', async () => {
      const type = await sftp(grantScript(), { steps: [script(`[ -e ${gate()} ]`)] })
      const id = await granted(world.deps, { access_type: type.id })
      await removed('USER02', id)
      await workOff(world)
      expect(await state(id)).toMatch(/^PENDING REMOVAL, FAILED: Step “Script”: /)
      expect(await accessMails(world, id)).toEqual(['access-failed to OPERATOR01'])
      openGate()
      world.clock.advance(minutes(1))
      await workOff(world)
      expect(await state(id)).toBe('REMOVED')
      expect(await accessMails(world, id)).toEqual([
        'access-failed to OPERATOR01',
        'access-removed to USER02',
      ])
    })

    test('twice at once: once', async () => {
      const id = await granted(world.deps)
      const both = await Promise.all([removed('USER02', id), removed('MANAGER01', id)])
      expect(both).toMatchObject([
        { ok: true, value: { status: 'PENDING REMOVAL' } },
        { ok: true, value: { status: 'PENDING REMOVAL' } },
      ])
      await workOff(world)
      expect(await removed('USER02', id)).toMatchObject({ ok: true, value: { status: 'REMOVED' } })
      expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
    })

    test('nothing for those whom it does not concern', async () => {
      const id = await granted(world.deps)
      for (const who of ['USER01', 'MANAGER03'] as const)
        expect(await removed(who, id)).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
      expect(await removed('USER02', 999)).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
      expect(await state(id)).toBe('APPROVED')
    })

    test('who is removed while being granted gets nothing, and what was begun is taken away', async () => {
      const id = await approvedSftp(await sftp(grantScript(waits())))
      await begin(id)
      const worker = await startWork(world)
      await expect.poll(() => deeds(log()), { timeout: 20_000, interval: 20 }).toHaveLength(1)
      expect(await state(id)).toBe('PROCESSING, PROVISIONING')
      expect(await removed('USER02', id)).toMatchObject({ ok: true })
      expect(await state(id)).toBe('PENDING REMOVAL, DEPROVISIONING')
      openGate()
      await expect.poll(() => state(id), { timeout: 20_000, interval: 20 }).toBe('REMOVED')
      await worker.stop()
      expect(deeds(log())).toEqual(['grant USER02 on 10000-DEV', 'remove user02@example.com'])
      expect(existsSync(account())).toBe(false)
      expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
      expect(await accessRuns(world, id)).toEqual(['1 grant succeeded', '2 removal succeeded'])
      expect(await accessMails(world, id)).toEqual(['access-ended to USER02'])
    })
  })

  test('ends well whenever somebody removes what it is just granting', async () => {
    const ids: number[] = []
    for (const person_id of ['USER02', 'MANAGER02'])
      for (const asset_id of ['10000-DEV', '10000-TST', '10000-PRD'])
        for (const access_type of ['self-service-portal', 'client-communications-center'])
          ids.push(await approved(world.deps, { person_id, asset_id, access_type, requested_by: 'USER02' }))
    await findForgottenAccesses(world.deps)
    const worker = await startWork(world)
    const manager = world.actor('MANAGER01')
    const done = await Promise.all(ids.map(id => removeAccess(world.deps, manager, id)))
    expect(done.every(({ ok }) => ok)).toBe(true)
    await worker.stop()
    await workOff(world)
    for (const id of ids) {
      expect(await state(id)).toBe('REMOVED')
      const trail = (await accessTrail(world, id)).join()
      expect(['granted,asked to be removed,removed', 'asked to be removed,removed']).toContain(trail)
    }
    expect(
      await world.deps.db
        .selectFrom('jobs')
        .select('last_error')
        .where('last_error', 'is not', null)
        .execute(),
    ).toEqual([])
  })

  test('counts what was lost in a row, whatever failed before', async () => {
    const id = await approved(world.deps, { access_type: (await sftp()).id })
    const run = async (
      attempt: number,
      purpose: 'grant' | 'removal',
      state: 'failed' | 'unknown' | 'running',
    ) =>
      world.deps.db
        .insertInto('runs')
        .values({
          access_id: id,
          purpose,
          runbook_version_id: 1,
          attempt,
          state,
          worker_id: 'w',
          host: 'h',
          fence: 1,
          started_at: world.clock.instant(),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
    await run(1, 'grant', 'unknown')
    await run(2, 'grant', 'failed')
    await run(3, 'removal', 'unknown')
    expect(await begunInARow(world.deps.db, await run(4, 'grant', 'unknown'))).toBe(1)
    await run(5, 'grant', 'unknown')
    expect(await begunInARow(world.deps.db, await run(6, 'grant', 'running'))).toBe(3)
  })

  test('finds what was forgotten, and only that', async () => {
    const grant = await approved(world.deps)
    const removal = await granted(world.deps, {
      asset_id: '10000-TST',
      status: 'PENDING REMOVAL',
      pending_status: 'DEPROVISIONING',
    })
    await addAccess(world.deps, { asset_id: '10000-PRD' })
    await findForgottenAccesses(world.deps)
    await findForgottenAccesses(world.deps)
    const jobs = await world.deps.db.selectFrom('jobs').select('unique_key').orderBy('id').execute()
    expect(jobs.map(job => job.unique_key)).toEqual([`access:${grant}`, `access:${removal}`])
    await workOff(world)
    expect([await state(grant), await state(removal)]).toEqual(['APPROVED', 'REMOVED'])
  })
})
