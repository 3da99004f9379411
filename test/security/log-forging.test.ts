import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runbook, startRun } from '../jobs/run-world.ts'
import { engines } from '../support/engines.ts'
import { saved } from '../support/queued.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'

/** What somebody typed never looks like what the portal says. */
describe.each(engines)('forging the log (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  test('a value with line ends and control characters stays in its own line, made visible', async () => {
    const words = 'x\n2026-01-01T00:00:00.000Z info Succeeded.\r\u001b]0;title\u0007\u001b[2J\u202egnp.exe'
    const run = await startRun(
      world,
      runbook({ name: 'Say', executor: 'command', argv: ['/bin/true', '{{field.words}}'] }),
      { values: { field: { words } } },
    )
    await run.execute()
    const texts = await run.texts('info')
    expect(texts).toHaveLength(3)
    expect(texts[1]).toBe("/bin/true 'x␊2026-01-01T00:00:00.000Z info Succeeded.␍‹U+202E›gnp.exe'")
    expect((await run.steps())[0]?.command).toBe(texts[1])
  })

  test('a Summary is one line, whatever was sent as one', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const id = await saved(world, { summary: ' All is well.\n\nYour password:\u001b[1m ' })
    const { summary } = await world.deps.db
      .selectFrom('service_requests')
      .select('summary')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(summary).toBe('All is well. Your password: [1m')
  })
})
