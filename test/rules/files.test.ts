import { describe, expect, test } from 'vitest'
import { mismatch, typeOfContent } from '../../src/files/content-type.ts'
import { attachment, numberedName, shownName, storedName, wrongName } from '../../src/files/names.ts'
import { type Actor, can } from '../../src/policy.ts'
import { sizeWords } from '../../views/files/size.ts'

const person = (role: Actor['role']): Actor => ({
  id: 'X',
  role,
  name: 'X',
  managingCustomerId: '10000',
  timeZone: null,
})

test('who may do what: operators, and who holds the access; nobody writes logs, only operators delete', () => {
  const acts = ['list', 'download', 'upload', 'make-folder', 'delete'] as const
  const may = (role: Actor['role'], store: 'files' | 'logs', holds: boolean) =>
    acts.filter(act => can(person(role), `files.${act}`, { store, holds })).join(' ')
  expect([may('STD_USER', 'files', true), may('STD_USER', 'logs', true)]).toEqual([
    'list download upload make-folder',
    'list download',
  ])
  expect([may('MANAGER', 'files', false), may('STD_USER', 'logs', false)]).toEqual(['', ''])
  expect([may('OPERATOR', 'files', false), may('OPERATOR', 'logs', false)]).toEqual([
    'list download upload make-folder delete',
    'list download delete',
  ])
})

describe('names', () => {
  test.each([
    'report.pdf',
    'Prüfung 2026 (2).txt',
    '.profile',
    '日本語.txt',
    'a..b',
    "it's",
    '100%',
    'com',
    'auxiliary',
  ])('“%s” is one', name => expect(wrongName(name)).toBeNull())

  test.each([
    '',
    ' ',
    '.',
    '..',
    '...',
    'a/b',
    'a\\b',
    'a\nb',
    'a\0b',
    '\u200bx',
    'x\ufeff',
    '．．',
    '‥',
    '／etc',
    'nul',
    'LPT1.txt',
    '.Gatehouse',
    'a.',
    ' a',
    'a?',
    'ü'.repeat(128),
  ])('%j is none', name => expect(wrongName(name)).not.toBeNull())

  test('numbers stand before the ending, and long names stay as long as they may be', () => {
    expect(numberedName('a.tar.gz', 2)).toBe('a.tar (2).gz')
    expect(numberedName('.profile', 3)).toBe('.profile (3)')
    expect(numberedName('plain', 1)).toBe('plain')
    const long = numberedName(`${'ü'.repeat(125)}.txt`, 12)
    expect([Buffer.byteLength(long) <= 255, long.endsWith(' (12).txt')]).toEqual([true, true])
    expect(storedName('u\u0308')).toBe('ü')
  })

  test('are shown and given away harmlessly', () => {
    expect(shownName('a\r\n\u001b[31m\u202eb')).toBe('a‹U+000D›‹U+000A›‹U+001B›[31m‹U+202E›b')
    expect(shownName('')).toBe('(no name)')
    expect(attachment('x/..')).toBe(`attachment; filename="file"; filename*=UTF-8''file`)
    expect(attachment('a"; filename="b.exe')).toBe(
      `attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a_%3B%20filename%3D_b.exe`,
    )
    expect(attachment('C:\\con.txt')).toBe(`attachment; filename="C__con.txt"; filename*=UTF-8''C__con.txt`)
    expect(attachment('x/con')).toContain('filename="_con"')
  })
})

describe('what a file is', () => {
  const bytes = (hex: string) => Buffer.from(hex, 'hex')

  test.each([
    ['text', Buffer.from('Größe;1\n'), 'text/plain'],
    ['half a character at the end of what is looked at', Buffer.from('Größe').subarray(0, 4), 'text/plain'],
    ['bytes', bytes('00ff00ff'), 'application/octet-stream'],
    ['nothing', Buffer.alloc(0), 'application/octet-stream'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'application/pdf'],
    ['gzip', bytes('1f8b0800000000000003'), 'application/gzip'],
    [
      'XML, which browsers run',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      'text/plain',
    ],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/plain'],
  ])('%s', async (_title, sample, type) => expect(await typeOfContent(sample)).toBe(type))

  test.each([
    ['application/pdf', 'image/png', true],
    ['image/png', 'application/octet-stream', true],
    ['text/csv', 'text/plain', false],
    ['application/json', 'text/plain', false],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip', false],
    ['application/x-gzip', 'application/gzip', false],
    ['application/octet-stream', 'image/png', false],
    ['', 'image/png', false],
    ['application/pdf', 'application/vnd.microsoft.portable-executable', true],
  ])('sent as %s, and found to be %s: told %s', (declared, found, told) => {
    expect(mismatch(declared, found) !== null).toBe(told)
  })
})

test('sizes in words', () => {
  expect([0, 1, 1023, 1024, 1536, 10_485_760, 1024 ** 3 - 1, 5 * 1024 ** 3].map(sizeWords)).toEqual([
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1 KiB',
    '1.5 KiB',
    '10 MiB',
    '1 GiB',
    '5 GiB',
  ])
})
