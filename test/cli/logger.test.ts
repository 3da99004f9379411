import { expect, test } from 'vitest'
import { createLogger } from '../../src/cli/logger.ts'
import { Secret } from '../../src/secret.ts'

function logged(...line: [Record<string, unknown>, string?]): string {
  const written: string[] = []
  createLogger('info', { write: text => written.push(text) }).info(...line)
  return written.join('')
}

test('what is named like a secret is blanked, however deep', () => {
  const text = logged({
    password: 'hush1',
    form: { New_Password: 'hush2', csrfToken: 'hush3' },
    headers: [{ Cookie: 'sid=hush4', Authorization: 'Bearer hush5' }],
    person: 'USER01',
  })
  expect(text).not.toMatch(/hush/)
  expect(JSON.parse(text)).toMatchObject({ person: 'USER01', password: '[redacted]' })
})

test('a Secret prints as such under any name', () => {
  expect(JSON.parse(logged({ url: new Secret('postgres://gate:hush@db') })).url).toBe('[secret]')
})

test('an error keeps its message and stack', () => {
  expect(JSON.parse(logged({ err: new Error('disk full') })).err).toMatchObject({ message: 'disk full' })
})
