import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { engines } from '../support/engines.ts'
import { queued, requestNow, statusOf, trailOf } from '../support/queued.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, script, startRunningWorker } from './run-world.ts'

/** What becomes of a service request, its mails and its environment when the worker that runs it is killed. */
describe.each(engines)('A service request whose worker is lost (%s)', engine => {
  let world: World
  let file: string
  let gate: string
  beforeEach(async () => {
    const place = folder()
    file = path.join(place, 'deeds')
    gate = path.join(place, 'gate')
    world = await createWorld(engine, {
      env: { LEASE_SECONDS: '5', JOB_INTERVAL: '1', STOP_WAIT: '0' },
      // Workers of their own go by the machine's clock.
      start: new Date().toISOString(),
    })
  })
  afterEach(() => world.close())

  const openGate = () => writeFileSync(gate, '')
  const gated = (name: string, said = name) =>
    script(
      `echo ${said} >>${file}; until [ -e ${gate} ]; do [ -d ${path.dirname(gate)} ] || exit; sleep 0.02; done`,
      { name },
    )
  const offer = (definition: object) =>
    offerAction(world.deps, { asset: '10000-DEV', definition: runbookDefinition.parse(definition) })

  const worker = (env: Record<string, string> = {}) => startRunningWorker({ ...world.database.env, ...env })
  const crash = async (point: string) => expect(await worker({ CRASH_AT: point }).ended()).toBe('SIGKILL')
  const did = (...names: string[]) =>
    expect.poll(() => deeds(file), { timeout: 25_000, interval: 20 }).toEqual(names)
  const becomes = (id: number, status: string) =>
    expect.poll(() => statusOf(world, id), { timeout: 25_000, interval: 20 }).toBe(status)
  const subjects = async () => (await world.mails()).map(mail => mail.subject)
  const attempts = async (id: number) => {
    const runs = await world.deps.db
      .selectFrom('runs')
      .select(['attempt', 'state'])
      .where('request_id', '=', id)
      .orderBy('attempt')
      .execute()
    return runs.map(({ attempt, state }) => `${attempt} ${state}`)
  }

  test('is UNKNOWN, keeps the environment to itself, and its requester is told', async () => {
    await offer({ steps: [gated('one'), gated('two')] })
    const id = await queued(world)
    await crash('program started')
    expect(await requestNow(world, id)).toMatchObject({ status: 'INPROG', holds_lock: 1, job_status: 'one' })
    await did('one')
    const behind = await queued(world)
    worker()
    await becomes(id, 'UNKNOWN')
    expect(await requestNow(world, id)).toMatchObject({
      holds_lock: 1,
      actual_finish: null,
      job_status: 'Lost: one',
      reason: expect.stringMatching(/^The worker on .+ was lost during the step “one”/),
    })
    openGate()
    expect(deeds(file)).toEqual(['one'])
    expect(await attempts(id)).toEqual(['1 unknown'])
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'picked up', 'lost'])
    expect(await subjects()).toEqual([`Service request ${id}: started`, `Service request ${id}: UNKNOWN`])
    expect(await requestNow(world, behind)).toMatchObject({ status: 'QUEUED', holds_lock: 0 })
  })

  test('runs once more where that is safe, as an attempt of its own, and frees the environment', async () => {
    await offer({ steps: [gated('one')], safeToRepeat: true })
    const id = await queued(world)
    await crash('program started')
    await did('one')
    const behind = await queued(world)
    worker()
    await did('one', 'one')
    openGate()
    await becomes(id, 'RESOLVED')
    await becomes(behind, 'RESOLVED')
    expect(await attempts(id)).toEqual(['1 unknown', '2 succeeded'])
    expect(await trailOf(world, id)).toEqual(['created', 'queued', 'picked up', 'resolved'])
    expect((await subjects()).filter(subject => subject.includes(` ${id}:`))).toEqual([
      `Service request ${id}: started`,
      `Service request ${id}: RESOLVED`,
    ])
  })

  test('goes on after the last step that had ended, with the values it began with', async () => {
    await world.deps.db.updateTable('assets').set({ variables: '{"port":"8001"}' }).execute()
    await offer({ steps: [gated('one', 'one {{asset.port}}'), gated('two', 'two {{asset.port}}')] })
    const id = await queued(world)
    openGate()
    await crash('step finished')
    await world.deps.db.updateTable('assets').set({ variables: '{"port":"9009"}' }).execute()
    worker()
    await becomes(id, 'RESOLVED')
    expect(deeds(file)).toEqual(['one 8001', 'two 8001'])
    expect(await attempts(id)).toEqual(['1 succeeded'])
  })

  test('ends once, with one mail, when only the end had not been written down', async () => {
    await offer({ steps: [gated('one')] })
    const id = await queued(world)
    openGate()
    await crash('before finish')
    expect(await statusOf(world, id)).toBe('INPROG')
    worker()
    await becomes(id, 'RESOLVED')
    expect(deeds(file)).toEqual(['one'])
    expect(await subjects()).toEqual([`Service request ${id}: started`, `Service request ${id}: RESOLVED`])
  })

  test('is taken up where it is when the worker was stopped in order', async () => {
    await offer({ steps: [gated('one'), gated('two')] })
    const id = await queued(world)
    const first = worker()
    await did('one')
    first.kill('SIGTERM')
    expect(await first.ended()).toBe(0)
    expect(await requestNow(world, id)).toMatchObject({ status: 'INPROG', holds_lock: 1, job_status: 'one' })
    worker()
    openGate()
    await becomes(id, 'RESOLVED')
    expect(deeds(file)).toEqual(['one', 'two'])
    expect(await attempts(id)).toEqual(['1 succeeded'])
  })
})
