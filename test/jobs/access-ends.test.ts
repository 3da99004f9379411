import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewRow } from '../../db/schema.ts'
import { endAccesses, openAccessesOf, resumeAccess, suspendAccess } from '../../src/access/end-accesses.ts'
import { endAccessesThatAreOver, mailBeforeAccessesEnd } from '../../src/access/end-dates.ts'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { systemActor } from '../../src/audit/record.ts'
import { issueDecisionLink } from '../../src/auth/decision-links.ts'
import { days, minutes } from '../../src/clock.ts'
import type { Tx } from '../../src/deps.ts'
import { customersToRequestFor } from '../../src/service-requests/find-request.ts'
import {
  accessMails,
  accessNow,
  accessRuns,
  accessState,
  accessTrail,
  addAccess,
  addRunbookType,
  granted,
} from '../support/accesses.ts'
import { engines } from '../support/engines.ts'
import { queued, requestNow, statusOf, trailOf } from '../support/queued.ts'
import { offerAction } from '../support/runbooks.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, script } from './run-world.ts'

/** How accesses end, rest and come back, and what ends with them. */
describe.each(engines)('An access that ends (%s)', engine => {
  let world: World
  let place: string
  beforeEach(async () => {
    place = folder()
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const log = () => path.join(place, 'log')
  const account = () => path.join(place, 'account')
  const gate = () => path.join(place, 'gate')
  const act = <T>(work: (tx: Tx) => Promise<T>) => world.deps.db.transaction().execute(work)
  const state = (id: number) => accessState(world, id)
  const portalOf = async (person: string) =>
    (await act(tx => openAccessesOf(tx, person))).find(access => access.access_type === 'self-service-portal')
  const sftp = (more = '') =>
    addRunbookType(world.deps, {
      grant: { steps: [script(`echo grant >>${log()}; ${more} touch ${account()}`)] },
      removal: { steps: [script(`echo remove >>${log()}; ${more} rm -f ${account()}`)] },
    })

  describe('by an act of somebody', () => {
    test('ends what is open, as it is by then, each in its own way, and no more', async () => {
      const undecided = await addAccess(world.deps, { asset_id: '10000-TST' })
      const held = await granted(world.deps)
      const gone = await granted(world.deps, { asset_id: '10000-PRD', status: 'REMOVED', reason: 'Before.' })
      const seen = await act(tx => openAccessesOf(tx, 'USER02', ['10000']))
      // Somebody has changed it since it was looked at.
      await world.deps.db
        .updateTable('accesses')
        .set(eb => ({ justification: 'Year end', version: eb('version', '+', 1) }))
        .execute()
      const why = 'User 02 was deactivated by Manager 01.'
      const manager = world.actor('MANAGER01')
      expect(await act(tx => endAccesses(tx, world.deps, manager, seen, why))).toBe(2)
      expect([await state(undecided), await state(held), await state(gone)]).toEqual([
        'REMOVED',
        'PENDING REMOVAL, DEPROVISIONING',
        'REMOVED',
      ])
      expect(await act(tx => endAccesses(tx, world.deps, manager, seen, 'Again.'))).toBe(0)
      await workOff(world)
      expect(await accessNow(world, held)).toMatchObject({ status: 'REMOVED', reason: why })
      expect(await accessNow(world, gone)).toMatchObject({ reason: 'Before.' })
      expect(await act(tx => openAccessesOf(tx, 'USER02'))).toEqual([])
    })

    test('leaves no decision link that works', async () => {
      const id = await addAccess(world.deps)
      await act(tx => issueDecisionLink(tx, world.deps, 'MANAGER01', id))
      await act(tx => endAccesses(tx, world.deps, systemActor, [{ id }], 'Ended.'))
      const links = await world.deps.db.selectFrom('link_tokens').select('used_at').execute()
      expect(links).toEqual([{ used_at: world.clock.instant() }])
    })

    test('at the same moment as by another one, it ends once', async () => {
      const id = await granted(world.deps)
      const end = (why: string) => act(tx => endAccesses(tx, world.deps, systemActor, [{ id }], why))
      const counts = await Promise.all([end('One.'), end('Two.')])
      expect(counts.sort()).toEqual([0, 1])
      expect(await accessTrail(world, id)).toEqual(['asked to be removed'])
    })
  })

  describe('for a while', () => {
    test('is taken away and given back by its runbooks', async () => {
      const id = await granted(world.deps, { access_type: (await sftp()).id })
      writeFileSync(account(), '')
      expect(await act(tx => suspendAccess(tx, world.deps, { id }, 'Not re-validated.'))).toBe(true)
      expect(await act(tx => suspendAccess(tx, world.deps, { id }, 'Not re-validated.'))).toBe(false)
      expect(await state(id)).toBe('SUSPENDED, SUSPENDING')
      await workOff(world)
      expect(await accessNow(world, id)).toMatchObject({
        status: 'SUSPENDED',
        pending_status: null,
        reason: 'Not re-validated.',
        suspended_at: world.clock.instant(),
      })
      expect(existsSync(account())).toBe(false)
      expect(await act(tx => resumeAccess(tx, world.deps, { id }))).toBe(true)
      expect(await state(id)).toBe('SUSPENDED, RESUMING')
      await workOff(world)
      expect(await accessNow(world, id)).toMatchObject({ status: 'APPROVED', reason: '', suspended_at: null })
      expect(await act(tx => resumeAccess(tx, world.deps, { id }))).toBe(false)
      expect(existsSync(account())).toBe(true)
      expect(await accessTrail(world, id)).toEqual(['suspended', 'resumed'])
      expect(await accessMails(world, id)).toEqual(['access-suspended to USER02', 'access-granted to USER02'])
      expect(await accessRuns(world, id)).toEqual(['1 removal succeeded', '2 grant succeeded'])
    })

    test('opens nothing in the portal meanwhile', async () => {
      const id = await granted(world.deps)
      await act(tx => suspendAccess(tx, world.deps, { id }, ''))
      expect(await customersToRequestFor(world.deps.db, 'USER02')).toEqual([])
      await workOff(world)
      expect(await state(id)).toBe('SUSPENDED')
      await act(tx => resumeAccess(tx, world.deps, { id }))
      await workOff(world)
      expect(await customersToRequestFor(world.deps.db, 'USER02')).toEqual(['10000'])
    })

    test.each(['suspend', 'resume'] as const)(
      'can fail (%s), and is tried again as what it was',
      async which => {
        const type = await sftp(`[ -e ${gate()} ] || exit 1;`)
        const id = await granted(world.deps, {
          access_type: type.id,
          ...(which === 'resume' && { status: 'SUSPENDED' }),
        })
        if (which === 'suspend') await act(tx => suspendAccess(tx, world.deps, { id }, ''))
        else await act(tx => resumeAccess(tx, world.deps, { id }))
        await workOff(world)
        expect(await state(id)).toMatch(/^SUSPENDED, FAILED: /)
        writeFileSync(gate(), '')
        world.clock.advance(minutes(1))
        await workOff(world)
        expect(await state(id)).toBe(which === 'suspend' ? 'SUSPENDED' : 'APPROVED')
        expect(deeds(log())).toEqual(which === 'suspend' ? ['remove', 'remove'] : ['grant', 'grant'])
      },
    )

    test('ends for good when its person can’t have it any more', async () => {
      const id = await granted(world.deps, { status: 'SUSPENDED' })
      await act(tx => resumeAccess(tx, world.deps, { id }))
      await world.deps.db.deleteFrom('customer_access').where('person_id', '=', 'USER02').execute()
      await workOff(world)
      expect(await state(id)).toBe('REMOVED')
    })
  })

  describe('on the day that was agreed', () => {
    const until = (ends_on: string): Partial<NewRow<'accesses'>> => ({
      ends_on,
      ends_at: `${ends_on}T23:59:59.999Z`,
    })

    test('does so by itself, as do requests for it', async () => {
      const held = await granted(world.deps, until('2026-03-31'))
      const asked = await addAccess(world.deps, { asset_id: '10000-TST', ...until('2026-03-31') })
      const later = await granted(world.deps, { asset_id: '10000-PRD', ...until('2026-04-01') })
      world.clock.set('2026-03-31T23:00:00.000Z')
      await endAccessesThatAreOver(world.deps)
      expect(await state(held)).toBe('APPROVED')
      world.clock.set('2026-04-01T00:00:00.000Z')
      await endAccessesThatAreOver(world.deps)
      await endAccessesThatAreOver(world.deps)
      await workOff(world)
      expect([await state(held), await state(asked), await state(later)]).toEqual([
        'REMOVED',
        'REMOVED',
        'APPROVED',
      ])
      expect(await accessNow(world, held)).toMatchObject({
        reason: 'Ended on 2026-03-31 as agreed.',
        removal_by: null,
      })
      expect(await accessTrail(world, held)).toEqual(['asked to be removed', 'removed'])
    })

    test('is announced a week before, once', async () => {
      const id = await granted(world.deps, until('2026-03-31'))
      world.clock.set('2026-03-24T23:00:00.000Z')
      await mailBeforeAccessesEnd(world.deps)
      expect(await accessMails(world, id)).toEqual([])
      world.clock.set('2026-03-25T00:00:00.000Z')
      await mailBeforeAccessesEnd(world.deps)
      world.clock.advance(days(1))
      await mailBeforeAccessesEnd(world.deps)
      expect(await accessMails(world, id)).toEqual(['access-ending to USER02'])
      expect((await world.mails()).map(mail => mail.subject)).toEqual([
        'Access ends on 2026-03-31: Self-Service Portal on 10000-DEV for USER02',
      ])
    })

    test('is not announced once more to whoever was just granted it', async () => {
      const id = await addAccess(world.deps, {
        decision: 'APPROVED',
        decided_at: world.clock.instant(),
        pending_status: 'PROVISIONING',
        ...until(world.clock.instant().slice(0, 10)),
      })
      await findForgottenAccesses(world.deps)
      await workOff(world)
      await mailBeforeAccessesEnd(world.deps)
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02'])
      expect((await world.mails()).at(0)?.body).toContain(
        'The access ends by itself at the end of 2026-03-02.',
      )
    })
  })

  describe('takes what was queued by it along', () => {
    beforeEach(async () => {
      await offerAction(world.deps, { asset: '10000-DEV' })
      await offerAction(world.deps, { asset: '10000-TST' })
    })
    const later = { requested_start: '2026-03-03T09:00' }
    const removePortal = async (person: 'USER01' | 'USER02') => {
      const access = await portalOf(person)
      const done = await removeAccess(world.deps, world.actor('MANAGER01'), access?.id ?? 0)
      expect(done.ok).toBe(true)
    }

    test('back to NEW, with the reason on the record and a mail', async () => {
      const id = await queued(world, later)
      await removePortal('USER01')
      const reason =
        'Taken back: the Self-Service Portal access it was queued with has ended. Removed by Manager 01.'
      expect(await requestNow(world, id)).toMatchObject({
        status: 'NEW',
        reason,
        queued_by: null,
        due_at: null,
        runbook_version_id: null,
      })
      expect(await trailOf(world, id)).toEqual(['created', 'queued', 'taken back'])
      const [mail] = (await world.mails()).filter(one => one.subject_type === 'service-request')
      expect(mail).toMatchObject({ to_person: 'USER01', subject: `Service request ${id}: taken back` })
      expect(mail?.body).toContain(reason)
    })

    test('unless another approved access covers the customer', async () => {
      const other = await granted(world.deps, { person_id: 'USER01', asset_id: '10000-TST' })
      const id = await queued(world, later)
      await removePortal('USER01')
      expect(await statusOf(world, id)).toBe('QUEUED')
      await removeAccess(world.deps, world.actor('USER01'), other)
      expect(await statusOf(world, id)).toBe('NEW')
    })

    test('and leaves what others have queued, and what runs', async () => {
      await granted(world.deps)
      const mine = await queued(world, { ...later, target_environment: '10000-TST' })
      const theirs = await queued(world, later, 'USER02')
      const running = await queued(world, later)
      await world.deps.db
        .updateTable('service_requests')
        .set({ status: 'INPROG', holds_lock: 1 })
        .where('id', '=', running)
        .execute()
      await removePortal('USER01')
      expect(await Promise.all([mine, theirs, running].map(id => statusOf(world, id)))).toEqual([
        'NEW',
        'QUEUED',
        'INPROG',
      ])
    })

    test('also when it is suspended, and lets the next one in the queue go', async () => {
      await granted(world.deps)
      const first = await queued(world)
      world.clock.advance(1000)
      const next = await queued(world, {}, 'USER02')
      await world.deps.db
        .updateTable('jobs')
        .set({ run_at: '2026-12-31T00:00:00.000Z' })
        .where('unique_key', '=', `service-request:${next}`)
        .execute()
      const access = await portalOf('USER01')
      await act(tx => suspendAccess(tx, world.deps, { id: access?.id ?? 0 }, 'Not re-validated.'))
      expect(await statusOf(world, first)).toBe('NEW')
      await workOff(world)
      expect(await statusOf(world, next)).toBe('RESOLVED')
    })
  })
})
