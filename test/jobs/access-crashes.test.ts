import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { retryAccess } from '../../src/access/retry-access.ts'
import { minutes } from '../../src/clock.ts'
import {
  accessMails,
  accessRuns,
  accessState,
  accessTrail,
  addRunbookType,
  approved,
  granted,
} from '../support/accesses.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, script, startRunningWorker } from './run-world.ts'

/** What becomes of an access when the worker that grants or removes it is killed. */
describe.each(engines)('An access whose worker is lost (%s)', engine => {
  let world: World
  let file: string
  let gate: string
  let account: string
  beforeEach(async () => {
    const place = folder()
    file = path.join(place, 'deeds')
    gate = path.join(place, 'gate')
    account = path.join(place, 'account')
    world = await createWorld(engine, {
      env: { LEASE_SECONDS: '5', JOB_INTERVAL: '1', STOP_WAIT: '0' },
      // Workers of their own go by the machine's clock.
      start: new Date().toISOString(),
    })
  })
  afterEach(() => world.close())

  const openGate = () => writeFileSync(gate, '')
  const gated = (name: string, does: string) =>
    script(
      `echo ${name} >>${file}; until [ -e ${gate} ]; do [ -d ${path.dirname(gate)} ] || exit; sleep 0.02; done; ${does}`,
      { name },
    )
  const sftp = (more: object = {}) =>
    addRunbookType(world.deps, {
      grant: { steps: [gated('grant', `touch ${account}`)], ...more },
      removal: { steps: [gated('remove', `rm -f ${account}`)] },
    })
  const toBeGranted = async (more: object = {}) => {
    const type = await sftp(more)
    const id = await approved(world.deps, { access_type: type.id, runbook_version_id: type.grantVersion })
    await findForgottenAccesses(world.deps)
    return id
  }
  const toBeRemoved = async () => {
    const id = await granted(world.deps, { access_type: (await sftp()).id })
    writeFileSync(account, '')
    await remove(id)
    return id
  }
  const remove = (id: number) => removeAccess(world.deps, world.actor('USER02'), id)
  const retry = (id: number) => retryAccess(world.deps, world.actor('OPERATOR01'), id)
  const worker = (env: Record<string, string> = {}) => startRunningWorker({ ...world.database.env, ...env })
  const crash = async (point: string) => expect(await worker({ CRASH_AT: point }).ended()).toBe('SIGKILL')
  const did = (...names: string[]) =>
    expect.poll(() => deeds(file), { timeout: 25_000, interval: 20 }).toEqual(names)
  const becomes = (id: number, state: string | RegExp) =>
    expect.poll(() => accessState(world, id), { timeout: 25_000, interval: 20 }).toMatch(state)

  describe.each(['run created', 'step finished', 'before finish'])('at “%s”', point => {
    test('is granted by the next one, once', async () => {
      const id = await toBeGranted()
      openGate()
      await crash(point)
      expect(await accessState(world, id)).toBe('PROCESSING, PROVISIONING')
      worker()
      await becomes(id, /^APPROVED$/)
      expect(deeds(file)).toEqual(['grant'])
      expect(await accessRuns(world, id)).toEqual(['1 grant succeeded'])
      expect(await accessTrail(world, id)).toEqual(['granted'])
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02'])
    })

    test('is removed by the next one, once', async () => {
      const id = await toBeRemoved()
      openGate()
      await crash(point)
      worker()
      await becomes(id, /^REMOVED$/)
      expect(deeds(file)).toEqual(['remove'])
      expect(existsSync(account)).toBe(false)
      expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
      expect(await accessMails(world, id)).toEqual(['access-removed to USER02'])
    })
  })

  describe('while the program ran', () => {
    test('is not granted a second time before an operator has looked', async () => {
      const id = await toBeGranted()
      await crash('program started')
      await did('grant')
      worker()
      await becomes(id, /^PROCESSING, FAILED: The worker on .+ was lost during the step “grant”/)
      openGate()
      const job = () => world.deps.db.selectFrom('jobs').select(['state', 'run_at']).executeTakeFirstOrThrow()
      await expect.poll(async () => (await job()).state, { timeout: 25_000, interval: 20 }).toBe('queued')
      expect(Date.parse((await job()).run_at) - Date.now()).toBeGreaterThan(minutes(300))
      expect(deeds(file)).toEqual(['grant'])
      expect(await accessMails(world, id)).toEqual(['access-failed to OPERATOR01'])
      expect(await retry(id)).toMatchObject({ ok: true })
      await becomes(id, /^APPROVED$/)
      expect(deeds(file)).toEqual(['grant', 'grant'])
      expect(await accessRuns(world, id)).toEqual(['1 grant unknown', '2 grant succeeded'])
    })

    test('is granted once more where that is declared safe', async () => {
      const id = await toBeGranted({ safeToRepeat: true })
      await crash('program started')
      await did('grant')
      worker()
      await did('grant', 'grant')
      openGate()
      await becomes(id, /^APPROVED$/)
      expect(await accessRuns(world, id)).toEqual(['1 grant unknown', '2 grant succeeded'])
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02'])
    })

    test('is removed once more by itself', async () => {
      const id = await toBeRemoved()
      await crash('program started')
      await did('remove')
      worker()
      await becomes(id, /^PENDING REMOVAL, FAILED: The worker on .+ was lost/)
      openGate()
      const job = () => world.deps.db.selectFrom('jobs').select(['state', 'run_at']).executeTakeFirstOrThrow()
      await expect.poll(async () => (await job()).state, { timeout: 25_000, interval: 20 }).toBe('queued')
      expect(Date.parse((await job()).run_at) - Date.now()).toBeLessThanOrEqual(minutes(1))
      await retry(id)
      await becomes(id, /^REMOVED$/)
      expect(existsSync(account)).toBe(false)
    })

    test.each([false, true])(
      'is taken away when it was ended meanwhile (safe to repeat: %s)',
      async safeToRepeat => {
        const id = await toBeGranted({ safeToRepeat })
        await crash('program started')
        await did('grant')
        expect(await remove(id)).toMatchObject({ ok: true })
        worker()
        await did('grant', 'remove')
        openGate()
        await becomes(id, /^REMOVED$/)
        expect(existsSync(account)).toBe(false)
        expect(await accessRuns(world, id)).toEqual(['1 grant unknown', '2 removal succeeded'])
        expect(await accessTrail(world, id)).toEqual(['asked to be removed', 'removed'])
      },
    )
  })
})
