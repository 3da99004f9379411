import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../src/automation/redact.ts'
import { harmless } from '../../src/automation/run-log/harmless.ts'
import { LineCutter, longestLine } from '../../src/automation/run-log/line-cutter.ts'
import { Secret } from '../../src/secret.ts'

const redactorOf = (...secrets: string[]) => createRedactor(secrets.map(secret => new Secret(secret)))

/** The same numbers every time. */
function seeded(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
}

/** Lines of some bytes that arrive in pieces, the cutter begun anew from its offset now and then, as after a crash. */
function cut(bytes: Buffer, redactor = redactorOf(), size = 7, anew = false): string[] {
  let cutter = new LineCutter(0, redactor)
  const lines: string[] = []
  while (cutter.readTo < bytes.length) {
    lines.push(...cutter.push(bytes.subarray(cutter.readTo, cutter.readTo + size)))
    if (anew) cutter = new LineCutter(cutter.offset, redactor)
    if (anew) lines.push(...cutter.push(bytes.subarray(cutter.readTo, cutter.readTo + 200_000)))
  }
  lines.push(...cutter.end())
  expect(cutter.offset).toBe(bytes.length)
  return lines
}

describe('Output becomes lines', () => {
  test.each([
    ['ended by line feeds', 'one\ntwo\n', ['one', 'two']],
    ['the last one without an end', 'one\ntwo', ['one', 'two']],
    ['ended as on Windows', 'one\r\ntwo\r\n', ['one', 'two']],
    ['empty ones too', 'one\n\n\ntwo\n', ['one', '', '', 'two']],
    ['each state of a progress bar is one', '10%\r50%\r100%\ndone\n', ['10%', '50%', '100%', 'done']],
    ['a carriage return at the very end', 'one\r', ['one']],
    ['nothing', '', []],
    ['letters cut in the middle of their bytes', 'Grüße 日本 🚢\n', ['Grüße 日本 🚢']],
  ])('%s', (_, text, lines) => {
    for (const size of [1, 2, 3, 64]) expect(cut(Buffer.from(text), redactorOf(), size)).toEqual(lines)
  })

  test('bytes that are no UTF-8 are shown as such, the rest of the line stays', () => {
    expect(cut(Buffer.from([0x61, 0xff, 0x62, 0xc3, 0x0a, 0xe2, 0x82, 0x0a]))).toEqual([
      'a\ufffdb\ufffd',
      '\ufffd',
    ])
  })

  test('a line without end is split, and nothing of it is lost or doubled', () => {
    const text = 'x'.repeat(100_000)
    const lines = cut(Buffer.from(text), redactorOf(), 4096)
    expect(lines.join('')).toBe(text)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(longestLine)
  })

  test('wherever it is cut, and wherever one begins anew, the text is the same', () => {
    const random = seeded(7)
    const parts = ['a', 'é', '日', '🚢', '\n', '\r\n', 'word ', 'x'.repeat(30_000)]
    for (let round = 0; round < 20; round++) {
      const text = Array.from({ length: 30 }, () => parts[random(parts.length)]).join('')
      const bytes = Buffer.from(text)
      const whole = cut(bytes, redactorOf(), bytes.length + 1)
      expect(cut(bytes, redactorOf(), 1 + random(5000), true).join('')).toBe(whole.join(''))
    }
  })
})

describe('Output does no harm', () => {
  test.each([
    ['colours are taken out', '\x1b[1;31mred\x1b[0m', 'red'],
    ['cursor movements are taken out', '\x1b[2K\x1b[1Gdone', 'done'],
    ['window titles are taken out', '\x1b]0;title\x07text', 'text'],
    ['links keep their text', '\x1b]8;;http://x/\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['an unfinished sequence is shown', 'text\x1b[', 'text␛['],
    ['control characters are shown', 'a\0b\x07c\x08d\x7fe', 'a␀b␇c␈d␡e'],
    ['the eight-bit ones too', 'a\x85b', 'a‹U+0085›b'],
    ['turned writing is shown', 'user\u202etxt.exe', 'user‹U+202E›txt.exe'],
    ['tabs stay', 'a\tb', 'a\tb'],
    ['markup is text', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('%s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown)
  })
})

describe('Secrets are kept out', () => {
  const secret = 'p@ss w/rd+ü"\\%'
  const bytes = Buffer.from(secret)
  test.each([
    ['as they are', secret],
    ['in an address', encodeURIComponent(secret)],
    ['in an address, in small letters', encodeURIComponent(secret).replace(/%../g, hex => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ secret }).toString().slice('secret='.length)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    [
      'in JSON of other languages',
      JSON.stringify(secret).slice(1, -1).replace('ü', '\\u00fc').replaceAll('/', '\\/'),
    ],
    ['in base64', bytes.toString('base64')],
    ['in base64 for addresses', bytes.toString('base64url')],
    ['in hexadecimal', bytes.toString('hex')],
    ['with colours within', `${secret.slice(0, 4)}\x1b[31m${secret.slice(4)}`],
  ])('%s', (_, printed) => {
    expect(cut(Buffer.from(`before ${printed} after\n`), redactorOf(secret))).toEqual([
      'before [secret] after',
    ])
  })

  test('in base64 wherever they stand in what was encoded', () => {
    const long = 'correct horse battery staple'
    for (const before of ['', 'u', 'us', 'use', 'user:'])
      for (const behind of ['', ':', '::', 'xyz']) {
        const [line = ''] = cut(
          Buffer.from(Buffer.from(before + long + behind).toString('base64')),
          redactorOf(long),
        )
        const left = Buffer.from(line.replace('[secret]', ''), 'base64').toString('latin1')
        expect(line).toContain('[secret]')
        expect(left).not.toMatch(/corr|orse|batt|stap/)
      }
  })

  test('of several lines, line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIBVQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----'
    expect(cut(Buffer.from(`key:\n${key}\nend`), redactorOf(key))).toEqual([
      'key:',
      '[secret]',
      '[secret]',
      '[secret]',
      '[secret]',
      'end',
    ])
  })

  test('two that overlap leave nothing of each other', () => {
    expect(redactorOf('abcdef', 'defghi').redact('..abcdefghi..')).toBe('..[secret]..')
  })

  test('across every border: of what is read at once, of long lines, of a new beginning', () => {
    const random = seeded(11)
    const secrets = ['s3cr3t-value', 'hunter22', '🚢-ship-🚢']
    const redactor = redactorOf(...secrets)
    for (let round = 0; round < 40; round++) {
      const text = Array.from({ length: 12 }, () => {
        const filler = 'abcdefg 日'.repeat(random(2500))
        return filler + (secrets[random(3)] ?? '') + (random(3) === 0 ? '\n' : '')
      }).join('')
      const printed = random(2) === 0 ? text : Buffer.from(text).toString()
      const lines = cut(Buffer.from(printed), redactor, 1 + random(60_000), random(2) === 0)
      const log = lines.join('')
      for (const one of secrets) expect(log).not.toContain(one)
      const given = printed.replaceAll('\n', '')
      expect(log).toBe(secrets.reduce((shown, one) => shown.replaceAll(one, '[secret]'), given))
    }
  })
})
