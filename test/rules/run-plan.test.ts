import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { describePlan } from '../../src/automation/plan.ts'
import { resolveSecrets } from '../../src/automation/secret-references.ts'
import { fillIn, fillInArguments } from '../../src/automation/template.ts'
import { readConfig } from '../../src/config.ts'
import { folder, runbook } from '../jobs/run-world.ts'

const config = readConfig({})
const values = {
  asset: { id: '10000-DEV', URL: 'http://127.0.0.1:8080' },
  request: { id: '2261', summary: '-rf /' },
  field: { case: 'TS123456789', evil: '--config=/etc/passwd', empty: '', words: 'a b; c $(d)' },
}

describe('Placeholders', () => {
  test('are replaced inside one argument, which stays one', () => {
    expect(
      fillInArguments(
        ['/bin/x', '--case={{field.case}}', '{{ field.words }}', '{{asset.id}}/{{request.id}}'],
        values,
      ),
    ).toEqual(['/bin/x', '--case=TS123456789', 'a b; c $(d)', '10000-DEV/2261'])
  })
  test('a value is not looked through for further placeholders', () => {
    expect(fillIn('{{field.a}}', { ...values, field: { a: '{{asset.id}}' } })).toBe('{{asset.id}}')
  })
  test('of other programs stay', () => {
    expect(fillIn('{{.State.Status}} {{json .}} {{ range . }}', values)).toBe(
      '{{.State.Status}} {{json .}} {{ range . }}',
    )
  })
  test.each(['{{asset.PORT}}', '{{assets.id}}', '{{field.constructor}}', '{{id}}', '{{request.__proto__}}'])(
    '%s has no value, which is an error',
    template => {
      expect(() => fillIn(template, values)).toThrow('has no value here')
    },
  )
  test.each([['{{field.evil}}'], ['{{request.summary}}'], ['{{field.empty}}{{field.evil}}']])(
    '%s could become an option, which is an error',
    template => {
      expect(() => fillInArguments(['/bin/x', template], values)).toThrow('begins with “-”')
    },
  )
  test('what an operator sets may be an option, and what stands behind something is none', () => {
    const argv = ['/bin/x', '{{asset.flag}}', 'x{{field.evil}}', '--y={{field.evil}}']
    expect(fillInArguments(argv, { ...values, asset: { flag: '-v' } })[1]).toBe('-v')
  })
  test('the program is not chosen by the requester', () => {
    expect(() => fillInArguments(['{{field.case}}'], values)).toThrow('must not choose the program')
    expect(() => fillInArguments(['/bin/{{request.summary}}'], values)).toThrow('must not choose the program')
  })
  test('NUL is refused', () => {
    expect(() => fillIn('{{field.x}}', { ...values, field: { x: 'a\0b' } })).toThrow('NUL')
  })
})

describe('Secrets', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })
  const withSecret = (secret: string) =>
    runbook({ name: 'A', executor: 'command', argv: ['/bin/x'], env: { TOKEN: { secret } } })

  test('come from the environment, or from a file, without its last line feed', () => {
    const file = path.join(folder(), 'token')
    writeFileSync(file, 'from a file\n')
    vi.stubEnv('GATEHOUSE_SECRET_A', 'from the environment')
    const found = (secret: string) => resolveSecrets(withSecret(secret), config).get(secret)?.expose()
    expect(found('env:GATEHOUSE_SECRET_A')).toBe('from the environment')
    expect(found(`file:${file}`)).toBe('from a file')
    vi.stubEnv('GATEHOUSE_SECRET_B_FILE', file)
    expect(found('env:GATEHOUSE_SECRET_B')).toBe('from a file')
  })

  test.each([
    [
      'is not set',
      'env:GATEHOUSE_SECRET_NONE',
      'env:GATEHOUSE_SECRET_NONE is not set. Set GATEHOUSE_SECRET_NONE',
    ],
    ['is not readable', 'file:/nowhere/token', "file:/nowhere/token can't be read (ENOENT)"],
    ['is too short to be kept out of the log', 'env:GATEHOUSE_SECRET_SHORT', 'shorter than 4 characters'],
  ])('one that %s is an error that says what to do', (_, reference, message) => {
    vi.stubEnv('GATEHOUSE_SECRET_SHORT', 'abc')
    expect(() => resolveSecrets(withSecret(reference), config)).toThrow(message)
  })
})

describe('The dry run', () => {
  test('shows what would run, with references instead of secrets', () => {
    vi.stubEnv('GATEHOUSE_SECRET_A', 'very secret')
    const definition = runbook(
      {
        name: 'Collect',
        executor: 'command',
        argv: ['/bin/collect', '{{field.words}}'],
        folder: '/srv',
        env: { TOKEN: { secret: 'env:GATEHOUSE_SECRET_A' }, ASSET: '{{asset.id}}' },
      },
      {
        name: 'Stop',
        executor: 'process',
        operation: 'stop',
        process: '{{asset.id}} app',
        argv: ['/bin/app'],
        output: '/x',
      },
    )
    expect(describePlan({ definition, values }, config)).toEqual({
      problems: [],
      steps: [
        {
          phase: 'main',
          name: 'Collect',
          executor: 'command',
          timeLimit: 600,
          lines: [
            `/bin/collect 'a b; c $(d)'`,
            'in folder /srv',
            'with TOKEN=env:GATEHOUSE_SECRET_A',
            'with ASSET=10000-DEV',
          ],
        },
        {
          phase: 'main',
          name: 'Stop',
          executor: 'process',
          timeLimit: 600,
          lines: ['stop the program “10000-DEV app”'],
        },
      ],
    })
    vi.unstubAllEnvs()
  })

  test('names everything that would keep it from starting', () => {
    const definition = runbook({
      name: 'Collect',
      executor: 'command',
      argv: ['/bin/collect', '{{asset.NONE}}'],
      env: { TOKEN: { secret: 'env:GATEHOUSE_SECRET_NONE' } },
    })
    expect(describePlan({ definition, values }, config).problems).toEqual([
      expect.stringContaining('Step “Collect”: The runbook uses {{asset.NONE}}'),
      expect.stringContaining('env:GATEHOUSE_SECRET_NONE is not set'),
    ])
  })
})
