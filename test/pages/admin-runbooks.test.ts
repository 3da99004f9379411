import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const definition = (argv: readonly string[]) =>
  JSON.stringify({ steps: [{ name: 'Do it', executor: 'command', argv }] }, null, 2)

describe.each(engines)('Administration › Runbooks (%s)', engine => {
  let world: World
  let operator: Agent
  let record: string
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    const page = await operator.fillIn(
      paths.adminRunbook('new'),
      { Name: 'Do it', Definition: definition(['do-it', '{{asset.id}}']) },
      'Save',
    )
    record = page.path
  })
  afterAll(() => world.close())

  const versions = () =>
    world.deps.db
      .selectFrom('runbook_versions')
      .select(['version', 'definition'])
      .orderBy('version')
      .execute()

  test('a mistake is told by line, the text stays, and nothing is saved', async () => {
    const wrong = definition(['do-it']).replace('"argv"', '"args"')
    const page = await operator.fillIn(record, { Definition: wrong }, 'Save')
    expect(page.status).toBe(422)
    expect(page.problems).toEqual(['The definition has 2 mistakes, listed above it.'])
    expect(page.text).toContain('Line 3: step 1, argv: this is missing.')
    expect(page.text).toContain('step 1: “args” is not known here.')
    expect(page.field('Definition')).toBe(wrong)
    expect(await versions()).toHaveLength(1)
  })

  test('a changed definition is a new version, an unchanged one is not', async () => {
    const same = await operator.fillIn(record, { Description: 'Does it.' }, 'Save')
    expect(same.flash).toBe('Saved. Version 1 is the newest one.')
    const changed = await operator.fillIn(record, { Definition: definition(['do-it-better']) }, 'Save')
    expect(changed.flash).toBe('Saved. Version 2 is the newest one.')
    expect((await versions()).map(v => v.version)).toEqual([1, 2])
  })

  test('two who edit at the same time: the second one is told, and loses nothing', async () => {
    const [first, second] = [await operator.get(record), await operator.get(record)]
    await operator.fillIn(first, { Definition: definition(['first']) }, 'Save')
    const late = await operator.fillIn(second, { Definition: definition(['second']) }, 'Save')
    expect(late.status).toBe(409)
    expect(late.problems[0]).toContain(
      'Somebody saved version 3 of this runbook while you worked on version 2.',
    )
    expect(late.field('Definition')).toBe(definition(['second']))
    expect((await operator.press(late, 'Save')).status).toBe(409)
    expect((await versions()).at(-1)?.definition).toBe(definition(['first']))
  })

  test('two runbooks can’t have one name', async () => {
    const page = await operator.fillIn(
      paths.adminRunbook('new'),
      { Name: 'Do it', Definition: definition(['x']) },
      'Save',
    )
    expect(page.errorOf('Name')).toBe('There is another runbook called Do it. Choose another name.')
  })

  test('the dry run says what would not start, and starts nothing', async () => {
    await operator.fillIn(
      record,
      { Definition: definition(['tool', '{{asset.MISSING}}', '{{field.case}}']) },
      'Save',
    )
    const page = await operator.get(record)
    const dry = await operator.fillIn(page.link('Dry run'), { 'Target Environment': '10000-dev' }, 'Dry run')
    expect(dry.text).toContain('It would not start')
    expect(dry.text).toContain('Set the variable MISSING on the environment.')
    const nowhere = await operator.fillIn(page.link('Dry run'), { 'Target Environment': 'x' }, 'Dry run')
    expect([nowhere.status, nowhere.errorOf('Target Environment')]).toEqual([
      422,
      'There is no asset x. Type the id of one, such as 10000-DEV.',
    ])
    expect(await world.deps.db.selectFrom('runs').selectAll().execute()).toEqual([])
  })

  test('one that grants an access knows the access and its person', async () => {
    const known = ['access.id', 'access.justification', 'person.id', 'person.login_id', 'person.email']
    const argv = ['tool', ...known.map(name => `for {{${name}}}`)]
    const saved = await operator.fillIn(record, { Definition: definition(argv) }, 'Save')
    expect(saved.problems).toEqual([])
    const dry = await operator.fillIn(saved.link('Dry run'), { 'Target Environment': '10000-DEV' }, 'Dry run')
    expect(dry.text).toContain('It would start.')
    const wrong = await operator.fillIn(
      record,
      { Definition: definition(['tool', '{{person.role}}']) },
      'Save',
    )
    expect(wrong.errorOf('Definition')).toContain('{{person.role}} is not known. Known are {{asset.NAME}};')
  })

  test('retiring one says first what is no longer offered', async () => {
    await operator.fillIn(
      paths.adminAssetActions('10000-DEV'),
      { 'Runbook for Stop Asset Management Application': 'Do it' },
      'Save',
    )
    const page = await operator.get(record)
    const asked = await operator.get(page.link('Retire'))
    expect(asked.text).toContain('Stop Asset Management Application on 10000-DEV')
    expect((await operator.press(asked, 'Retire')).flash).toBe('The runbook is retired.')
    expect((await operator.get(paths.asset('10000-DEV'))).document.querySelector('.offer-off')).not.toBeNull()
    expect((await operator.press(record, 'Put back in use')).flash).toBe('The runbook is back in use.')
  })
})
