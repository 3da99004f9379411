import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { createLogger } from '../../src/cli/logger.ts'
import { Secret } from '../../src/secret.ts'
import { masterKey, testMasterKey } from '../support/vault.ts'

/** What people and programs do with values by accident must not show what a secret is. */
const clear = 'hush-4711'
const secret = new Secret(clear)
const key = masterKey(testMasterKey)
const keyBytes = Buffer.from(testMasterKey, 'base64')
/** However it is written down. */
const traces = [
  clear,
  keyBytes.toString('base64'),
  keyBytes.toString('hex'),
  [...keyBytes].join(','),
  [...keyBytes].slice(0, 4).join(', '),
  inspect(keyBytes).slice(8, 20),
  keyBytes.toString('latin1'),
]

const printed = (print: (to: Console) => void) => {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  print(new Console(stream, stream))
  return text
}

function logged(write: (log: ReturnType<typeof createLogger>) => void) {
  let text = ''
  const to = {
    write: (line: string) => {
      text += line
    },
  }
  write(createLogger('debug', to))
  return text
}

class Holding extends Error {
  readonly held = [secret, key]
}

const failing = () => new Error(`It is not ${secret}`, { cause: secret })

const ways: Record<string, () => string> = {
  JSON: () => JSON.stringify({ secret, list: [secret], key }),
  template: () => `${secret} ${key} ${key.key}`,
  concatenation: () => `a ${String(secret)}${[secret, secret]}`,
  inspect: () => inspect({ secret, key }, { depth: null, showHidden: true, getters: true }),
  'inspect without custom printing': () => inspect([secret, key], { customInspect: false, showHidden: true }),
  format: () => format('%s %o %O %j %d %i', secret, secret, secret, secret, secret, secret),
  console: () =>
    printed(to => {
      to.log(secret, { secret, key })
      to.dir([secret, key], { showHidden: true, depth: 9 })
      to.table([{ secret, key }])
      to.error('%s', secret)
    }),
  log: () =>
    logged(log => {
      log.info({ value: secret, key, deep: { er: [secret, key] } }, `it is ${secret}`)
      log.error(secret, 'as the object itself')
      log.error({ err: new Holding('refused'), other: failing() })
      log.child({ of: secret }).warn('bound')
    }),
  'error message': () => inspect(failing()) + failing().message + failing().stack,
  'error with it': () => inspect(new Holding('refused')),
  structuredClone: () => inspect(structuredClone({ secret }), { showHidden: true }),
  'message to a thread': () => serialize({ secret }).toString('latin1'),
  spread: () => JSON.stringify({ ...secret, ...key }) + inspect({ ...secret, ...key }),
  assign: () => inspect(Object.assign({}, secret)),
  entries: () => inspect([Object.entries(secret), Object.values(secret), Reflect.ownKeys(secret)]),
  prototype: () => inspect(Object.getOwnPropertyDescriptors(secret)),
  Buffer: () => Buffer.from(secret as unknown as string).toString(),
  address: () => new URLSearchParams({ password: secret as unknown as string }).toString(),
  Map: () => inspect(new Map([[secret, { key }]]), { depth: null }),
}

describe('a secret and a master key can’t be printed', () => {
  test.each(Object.entries(ways))('%s', (_way, show) => {
    const text = show()
    expect(text).not.toBe('')
    expect(traces.filter(trace => text.includes(trace))).toEqual([])
  })

  test('where text is asked for, it says what it is', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
    ])
    expect(Number(secret)).toBeNaN()
  })

  test('one call gives it', () => {
    expect(secret.expose()).toBe(clear)
    expect(key.key.export()).toEqual(keyBytes)
  })
})
