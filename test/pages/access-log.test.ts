import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { addRunbookType, approved, granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('what runbooks did about an access (%s)', engine => {
  let world: World
  let operator: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterEach(() => world.close())

  const sh = (name: string, text: string) => ({ name, executor: 'command', argv: ['/bin/sh', '-c', text] })
  async function failedTwice(): Promise<number> {
    const type = await addRunbookType(world.deps, {
      grant: { steps: [sh('Create account', 'seq -f "line %.0f" 1 1500; echo broken; exit 3')] },
      removal: { steps: [sh('Drop account', 'echo gone')] },
    })
    const id = await approved(world.deps, { access_type: type.id, runbook_version_id: type.grantVersion })
    await findForgottenAccesses(world.deps)
    await workOff(world)
    world.clock.advance(minutes(1))
    await workOff(world)
    return id
  }

  test('stands on a page of its own, run by run', async () => {
    const id = await failedTwice()
    await removeAccess(world.deps, world.actor('USER02'), id)
    await workOff(world)
    const page = await operator.get(paths.accessLog(id))
    expect(page.heading).toBe('SFTP on 10000-DEV')
    expect(page.text).toContain('User 02 (USER02)')
    expect(page.text).toContain('gone')
    expect(page.table('Runs table').map(row => row.slice(0, 3))).toEqual([
      ['3', 'Removal', 'succeeded'],
      ['2', 'Grant', 'failed'],
      ['1', 'Grant', 'failed'],
    ])
    const first = await operator.get(page.link('1'))
    expect(first.text).toContain('Exit status 3.')
    expect(first.text).toContain('broken')
    expect(first.text).not.toContain('gone')
    const found = await operator.fillIn(first, { 'Find in the whole log': 'line 77' }, 'Find')
    expect(found.path).toContain(paths.accessRunLog(id, 1))
    expect(found.text).toContain('11 lines contain “line 77”:')
    const text = await operator.get(paths.accessRunLogDownload(id, 1))
    expect(text.headers['content-type']).toContain('text/plain')
    expect(text.body).toContain('line 1500')
  })

  test('says what has failed and offers Retry', async () => {
    const id = await failedTwice()
    const page = await operator.get(paths.accessLog(id))
    expect(page.text).toContain('FAILED: Step “Create account”: Exit status 3.')
    expect(page.buttons).toContain('Retry')
  })

  test('is nothing where the portal grants itself', async () => {
    const page = await operator.get(paths.accessLog(await granted(world.deps)))
    expect(page.status).toBe(200)
    expect(page.text).toContain('Nothing has run for this access.')
    expect(page.buttons).not.toContain('Retry')
  })

  test('is there for operators only, and only where there is something', async () => {
    const id = await failedTwice()
    for (const path of [paths.accessLog(id), paths.accessRunLog(id, 1), paths.accessRunLogDownload(id, 1)])
      for (const who of ['manager01', 'user02'] as const)
        expect((await (await signIn(world, who)).get(path)).status).toBe(404)
    for (const path of [
      paths.accessLog(999),
      paths.accessLog('x'),
      paths.accessRunLog(id, 9),
      paths.accessRunLogDownload(id, 9),
      `${paths.accessLog(id)}/x`,
    ])
      expect((await operator.get(path)).status, path).toBe(404)
  })
})
