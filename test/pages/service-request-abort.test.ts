import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('aborting a service request (%s)', engine => {
  let world: World
  let page: string
  let runId: number
  beforeEach(async () => {
    world = await createWorld(engine)
    const at = world.clock.instant()
    const runbook_version_id = await offerAction(world.deps, { asset: '10000-DEV' })
    const running = { status: 'INPROG', queued_at: at, due_at: at, actual_start: at, holds_lock: 1 } as const
    const [id = 0] = await addRequests(world.deps.db, [requestRow({ ...running, runbook_version_id })])
    const run = { request_id: id, attempt: 1, state: 'running', worker_id: 'w', host: 'h', fence: 1 } as const
    const row = await world.deps.db
      .insertInto('runs')
      .values({ ...run, abort_by: null, abort_reason: null, started_at: at, finished_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    runId = row.id
    page = paths.serviceRequestEvent(id, 'abort')
  })
  afterEach(() => world.close())

  const abortedBy = async () => {
    const run = await world.deps.db
      .selectFrom('runs')
      .select('abort_by')
      .where('id', '=', runId)
      .executeTakeFirstOrThrow()
    return run.abort_by
  }

  test('an operator who was away identifies again first, and finds the reason still filled in', async () => {
    const operator = await signIn(world, 'operator01')
    world.clock.advance(minutes(16))
    const asked = await operator.fillIn(page, { Reason: 'It hangs' }, 'Abort')
    expect([asked.path.split('?')[0], await abortedBy()]).toEqual([paths.identify(), null])
    const back = await operator.fillIn(asked, { Password: testPassword }, 'Continue')
    await operator.press(back, 'Abort')
    expect(await abortedBy()).toBe('OPERATOR01')
  })

  test('nobody else aborts, by whatever address', async () => {
    const user01 = await signIn(world, 'user01')
    await user01.get(paths.home())
    expect((await user01.post(page, { reason: 'Stop' })).status).toBe(403)
    expect(await abortedBy()).toBe(null)
  })
})
