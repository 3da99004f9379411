import { describe, expect, test } from 'vitest'
import {
  isReservedName,
  serviceNameProblem,
  userAccountName,
  userNamesBegin,
} from '../../src/database-accounts/account-names.ts'
import { generatePassword } from '../../src/database-accounts/generate-password.ts'
import { checkPassword, passwordKinds } from '../../src/database-accounts/password-rule.ts'

describe('a database password', () => {
  const every = passwordKinds.join('')

  test.each([
    'abcdefghijklmn1',
    'ABCDEFGHIJKLMNo',
    '%^*_+%^*_+%^*_1',
    `${every.slice(0, 60)}%^*_`,
    'Aa1%'.repeat(16),
  ])('%s can be used', text => {
    expect(checkPassword(text)).toBeNull()
  })

  test.each([
    ['', 'at least 15'],
    ['Abcdefghijklm1', 'has 14 characters'],
    [`${'Aa1%'.repeat(16)}x`, 'at most 64'],
    ['abcdefghijklmno', 'Mix at least two'],
    ['123456789012345', 'Mix at least two'],
    ['Abcdefghijklmn1 ', 'not allowed'],
    ["Abcdefghijklmn1'", 'not allowed'],
    ['Abcdefghijklmnö1', 'not allowed'],
    ['Abcdefghijklmn\u00001', 'not allowed'],
    ['Abcdefghijklmn1😀', 'not allowed'],
  ])('%j is refused, in words that hold nothing of it', (text, why) => {
    const said = checkPassword(text) ?? ''
    expect(said).toContain(why)
    if (text.length > 3) expect(said).not.toContain(text)
  })

  test('a generated one is 24 characters of all four kinds, and another one each time', () => {
    const made = Array.from({ length: 200 }, () => generatePassword().expose())
    expect(new Set(made).size).toBe(200)
    for (const text of made) {
      expect(text).toHaveLength(24)
      expect(checkPassword(text)).toBeNull()
      for (const kind of passwordKinds) expect([...text].some(one => kind.includes(one))).toBe(true)
    }
    expect([...new Set(made.join(''))].sort().join('')).toBe([...every].sort().join(''))
  })
})

describe('a Database Account ID', () => {
  test.each(['dbsrv_a', 'dbsrv_billing1', 'dbsrv_123456789012'])('%s can be given', name => {
    expect(serviceNameProblem(name)).toBeNull()
  })

  test.each([
    ['billing', 'must begin with dbsrv_'],
    ['DBSRV_billing', 'must begin with dbsrv_'],
    ['dbusr_billing', 'must begin with dbsrv_'],
    ['dbsrv_', 'at least one'],
    ['dbsrv_Billing', 'only contain numbers and lowercase letters'],
    ['dbsrv_bill_ing', 'only contain numbers and lowercase letters'],
    ['dbsrv_bill"ing', 'only contain numbers and lowercase letters'],
    ["dbsrv_'; drop role x --", 'only contain numbers and lowercase letters'],
    ['dbsrv_größe', 'only contain numbers and lowercase letters'],
    ['dbsrv_1234567890123', 'has 19 characters'],
  ])('%s is refused', (name, why) => {
    expect(serviceNameProblem(name)).toContain(why)
  })

  test('reserved are the names of the server’s own accounts, whatever their case', () => {
    expect(
      ['postgres', 'root', 'dbsrv_admin', 'dbsrv_app'].map(name => isReservedName(name, 'DBSRV_admin')),
    ).toEqual([true, true, true, false])
  })

  test.each([
    ['USER01', [], 'dbusr_user01'],
    ['USER01', ['dbusr_user01'], 'dbusr_user01x2'],
    ['USER01', ['dbusr_user01', 'dbusr_user01x2'], 'dbusr_user01x3'],
    ['ANNA.SMITH', ['dbusr_annasmith'], 'dbusr_annasmith2'],
    ['ÅSTRÖM', [], 'dbusr_astrom'],
    ['A-VERY-LONG-PERSON-CODE', [], 'dbusr_averylongper'],
    ['A-VERY-LONG-PERSON-CODE', ['dbusr_averylongper'], 'dbusr_averylongpe2'],
    ['人', [], 'dbusr_person'],
  ] as const)('of %s, where %j are taken, is %s', (person, taken, name) => {
    const made = userAccountName(person, one => (taken as readonly string[]).includes(one))
    expect(made).toBe(name)
    expect(made.startsWith(userNamesBegin(person))).toBe(true)
  })

  test('stays short enough, however many there are', () => {
    const taken = new Set<string>()
    for (let i = 0; i < 1200; i++) {
      const name = userAccountName('PERSON-WITH-CODE-123456', one => taken.has(one))
      expect(name.length).toBeLessThanOrEqual(18)
      expect(name.startsWith(userNamesBegin('PERSON-WITH-CODE-123456'))).toBe(true)
      taken.add(name)
    }
    expect(taken.size).toBe(1200)
  })
})
