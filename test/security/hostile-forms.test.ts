import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRunbook } from '../../src/automation/runbook-text.ts'
import { fillInFixed } from '../../src/automation/template.ts'
import { paths } from '../../src/paths.ts'
import { actionField } from '../../src/service-requests/action-fields.ts'
import { readFieldValues } from '../../src/service-requests/field-values.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { createWorld, type World } from '../support/world.ts'

/** Forms that no page has. */
describe('a hostile form', () => {
  let world: World
  let user01: Agent
  beforeAll(async () => {
    world = await createWorld('sqlite')
    user01 = await signIn(world, 'user01')
  })
  afterAll(() => world.close())

  const form = 'application/x-www-form-urlencoded'
  const many = 'a&'.repeat(500_000)
  const part = (name: number) => `--x\r\nContent-Disposition: form-data; name="f${name}"\r\n\r\n1\r\n`
  const parts = `${Array.from({ length: 2500 }, (_, i) => part(i)).join('')}--x--\r\n`

  test.each([
    ['half a million fields', form, many],
    ['thousands of parts', 'multipart/form-data; boundary=x', parts],
  ])('with %s is refused before it is taken apart', async (_what, type, body) => {
    await user01.get(paths.newServiceRequest())
    for (const path of [paths.serviceRequestForm(), paths.serviceRequests(), paths.signIn()]) {
      const page = await user01.sendRaw(path, type, body)
      expect(page.status).toBe(422)
      expect(page.text).toContain('The form has more than 2000 fields. Send it with fewer.')
    }
  })

  test('a part each is read, up to the limit', async () => {
    await user01.get(paths.profile())
    const body = `--x\r\nContent-Disposition: form-data; name="theme"\r\n\r\ndark\r\n--x--\r\n`
    const page = await user01.sendRaw(paths.profilePart('theme'), 'multipart/form-data; boundary=x', body)
    expect(page.status).toBe(303)
  })

  test.each(['__proto__', 'constructor', 'toString', 'field___proto__', 'field_constructor'])(
    'with a field called %s is a form like any other',
    async name => {
      await user01.get(paths.newServiceRequest())
      for (const path of [paths.serviceRequests(), paths.serviceRequestForm(), paths.profilePart('theme')]) {
        const { csrf } = await user01.get(paths.newServiceRequest())
        expect((await user01.send('POST', path, { csrf, [name]: 'x' })).status).toBeLessThan(500)
      }
      expect(({} as Record<string, unknown>).x).toBeUndefined()
    },
  )

  test('with a key that is none of ours is a form like any other', async () => {
    const { csrf } = await user01.get(paths.newServiceRequest())
    const page = await user01.send('POST', paths.serviceRequests(), { csrf, form_key: 'x'.repeat(5000) })
    expect(page.status).toBe(422)
    expect(page.text).toContain('Choose the Target Environment.')
  })
})

describe('what operators write, and others fill in', () => {
  test('a pattern that would take years is given up soon', () => {
    const field = actionField.parse({ name: 'code', label: 'Code', type: 'text', pattern: '(a+)+' })
    const read = (value: string) => readFieldValues([field], { field_code: value }).errors.field_code
    expect(read('aaa')).toBeUndefined()
    expect(read('b')).toContain('Code is not written as expected')
    expect(read(`${'a'.repeat(60)}!`)).toContain('Code can’t be checked in a reasonable time')
  })

  test('what is typed chooses no file, folder or address', () => {
    const values = {
      asset: { id: '10000-DEV' },
      request: { id: '1', summary: 's' },
      field: { at: '../../x' },
    }
    expect(fillInFixed('folder', '/srv/{{asset.id}}', values)).toBe('/srv/10000-DEV')
    for (const template of ['/srv/{{field.at}}', '{{request.summary}}'])
      expect(() => fillInFixed('folder', template, values)).toThrow('must not choose the folder')
  })

  test('of a runbook in which everything is wrong the first problems are named', () => {
    const env = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`-${i}`, '']))
    const step = { name: 'Wrong', executor: 'command', argv: ['/bin/true'], env }
    const read = readRunbook(JSON.stringify({ steps: [step] }))
    expect(read.ok ? [] : read.problems).toHaveLength(20)
  })
})
