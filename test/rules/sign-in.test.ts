import { describe, expect, test, vi } from 'vitest'
import { addressPrefix } from '../../src/address-prefix.ts'
import { passwordProblem } from '../../src/auth/password-rules.ts'
import { hashPassword, verifyPassword } from '../../src/auth/passwords.ts'
import { localPath } from '../../src/http/local-path.ts'
import { loggedPath } from '../../src/http/secret-address.ts'
import { loginIdProblem, loginKey } from '../../src/people/login-id.ts'
import { TooBusy, Turns } from '../../src/turns.ts'

describe('a Login ID', () => {
  test.each([
    ['  User01@Example.COM ', 'user01@example.com'],
    ['ｕｓｅｒ@example.com', 'user@example.com'],
    ['MÜLLER@example.com', 'müller@example.com'],
    ['mu\u0308ller@example.com', 'müller@example.com'],
  ])('%j is compared as %j', (typed, key) => expect(loginKey(typed)).toBe(key))

  test.each(['user01@example.com', 'müller@example.com', 'иван@пример.рф', 'a+b@x.co'])(
    '%s can be used',
    loginId => expect(loginIdProblem(loginId)).toBeNull(),
  )

  test.each([
    ['', 'Fill in the Login ID.'],
    ['user', 'A Login ID is an e-mail address, such as name@example.com.'],
    ['a@b@example.com', 'A Login ID is an e-mail address, such as name@example.com.'],
    ['us er@example.com', 'A Login ID has no spaces or invisible characters.'],
    ['us\u200ber@example.com', 'A Login ID has no spaces or invisible characters.'],
    ['us\u0000er@example.com', 'A Login ID has no spaces or invisible characters.'],
    // The first two letters are Cyrillic.
    [
      'раypal@example.com',
      'This Login ID mixes letters of several alphabets that look alike. Use letters of one alphabet.',
    ],
    [`${'x'.repeat(250)}@example.com`, 'A Login ID has at most 254 characters.'],
  ])('%j can’t: %s', (loginId, words) => expect(loginIdProblem(loginId)).toBe(words))
})

describe('a password', () => {
  test.each(['correct horse battery', 'a b c d e f g', 'Пароль из слов', '🐴🔋📎🧷 and so on'])(
    '%s can be used',
    password => expect(passwordProblem(password, 'user01@example.com')).toBeNull(),
  )
  test.each(['12345678901', 'password123456', '!Qwertyuiop!!', '121212121212', 'user01@EXAMPLE.com'])(
    '%s can’t',
    password => expect(passwordProblem(password, 'user01@example.com')).not.toBeNull(),
  )

  test('is hashed with a salt of its own and known again', async () => {
    const [one, two] = [
      await hashPassword('correct horse battery'),
      await hashPassword('correct horse battery'),
    ]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword(one, 'correct horse battery')).toBe(true)
    expect(await verifyPassword(one, 'correct horse batterz')).toBe(false)
  })

  test('is the same composed and decomposed', async () => {
    const hash = await hashPassword('zwölf Büchsen Milch')
    expect(await verifyPassword(hash, 'zwo\u0308lf Bu\u0308chsen Milch')).toBe(true)
  })

  test('of nobody is never right', async () =>
    expect(await verifyPassword(null, 'correct horse battery')).toBe(false))
})

describe('turns', () => {
  const pause = () => Promise.withResolvers<void>()

  test('let so many in at once, and the next when one leaves', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 5 })
    const gates = [pause(), pause(), pause()]
    const begun: number[] = []
    const all = gates.map((gate, i) =>
      turns.take(async () => {
        begun.push(i)
        await gate.promise
      }),
    )
    await vi.waitFor(() => expect(begun).toEqual([0, 1]))
    gates[1]?.resolve()
    await all[1]
    await vi.waitFor(() => expect(begun).toEqual([0, 1, 2]))
    gates[0]?.resolve()
    gates[2]?.resolve()
    await Promise.all(all)
  })

  test('refuse when too many wait, and go on after a failure', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 0 })
    const gate = pause()
    const first = turns.take(() => gate.promise)
    await expect(turns.take(async () => {})).rejects.toThrow(TooBusy)
    gate.reject(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    expect(await turns.take(async () => 'in')).toBe('in')
  })
})

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:0:12ab::1', '2001:db8:0:1200::/56'],
  ['2001:db8::1', '2001:db8:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['nonsense', 'unknown'],
])('%s belongs to the network %s', (address, prefix) => expect(addressPrefix(address)).toBe(prefix))

test.each([
  ['/service-requests?status=NEW', '/service-requests?status=NEW'],
  ['/help#top', '/help#top'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['https://evil.example', '/'],
  ['service-requests', '/'],
  ['/a/..//evil.example', '/'],
  [undefined, '/'],
])('%j leads to %s', (candidate, path) => expect(localPath(candidate)).toBe(path))

test.each([
  ['/link/abcdef', '/link/…'],
  ['/link/abc/def', '/link/…'],
  ['/profile', '/profile'],
])('%s is logged as %s', (path, logged) => expect(loggedPath(path)).toBe(logged))
