import { describe, expect, it } from 'vitest'
import { actionField } from '../../src/service-requests/action-fields.ts'
import { notPossible, type Offer } from '../../src/service-requests/actions.ts'
import { readFieldValues } from '../../src/service-requests/field-values.ts'
import { supportCase } from '../../src/service-requests/support-case.ts'
import { lookUp, narrow, orList } from '../../src/service-requests/typed-lookup.ts'
import { requestRow } from '../support/requests.ts'

describe('what is typed into a lookup', () => {
  const actions = [
    ['restart-application', 'Restart Asset Management Application', 'Restart Application'],
    ['start-application', 'Start Asset Management Application'],
    ['start-database', 'Start Database'],
    ['kafe', 'Café'],
  ]
  const find = (typed: string) => {
    const found = lookUp(actions, typed, names => names)
    return found.kind === 'found'
      ? found.item[0]
      : found.kind === 'several'
        ? found.items.map(i => i[0])
        : found.kind
  }

  it.each([
    ['Restart Asset Management Application', 'restart-application'],
    ['restart APPLICATION', 'restart-application'],
    ['  start   database ', 'start-database'],
    ['start-application', 'start-application'],
    ['Restart', 'restart-application'],
    ['cafe', 'kafe'],
    ['CAFÉ', 'kafe'],
    ['Start', ['start-application', 'start-database']],
    ['Database', 'none'],
    ['%', 'none'],
    ['', 'nothing-typed'],
    ['   ', 'nothing-typed'],
  ])('“%s” finds %s', (typed, wanted) => {
    expect(find(typed)).toEqual(wanted)
  })

  it('an exact name wins over others that begin with it', () => {
    const found = lookUp([['Stop'], ['Stop all']], 'stop', names => names)
    expect(found).toEqual({ kind: 'found', item: ['Stop'] })
  })

  it('is narrowed by all words, anywhere', () => {
    expect(narrow(actions, 'asset start', names => names).map(i => i[0])).toEqual([
      'restart-application',
      'start-application',
    ])
    expect(narrow(actions, '', names => names)).toHaveLength(4)
  })

  it('is listed in words, cut short', () => {
    expect(orList([])).toBe('')
    expect(orList(['A'])).toBe('A')
    expect(orList(['A', 'B', 'C'])).toBe('A, B or C')
    expect(orList(['1', '2', '3', '4', '5', '6', '7', '8'])).toBe('1, 2, 3, 4, 5, 6 or 2 more')
  })
})

describe('what is not possible on an environment', () => {
  const offer = (name: string, why: string | null): Offer => {
    const action = { id: name, name, aliases: [], description: '', mode: 'exclusive', fields: [] } as const
    return why === null ? { action, possible: true, runbookId: 1 } : { action, possible: false, why }
  }

  it('is listed by reason, each said once', () => {
    const off = '10000-PRD is a production environment, where this is switched off.'
    const never = 'Clear cache is not offered on production environments.'
    expect(
      notPossible([offer('Start', off), offer('Log', null), offer('Clear cache', never), offer('Stop', off)]),
    ).toBe(`Start, Stop: ${off} ${never}`)
    expect(notPossible([offer('Log', null)])).toBe('')
  })
})

describe('an action’s own fields', () => {
  const field = (over: object) => actionField.parse({ name: 'x', label: 'X', type: 'text', ...over })
  const errorOf = (over: object, typed: string | undefined) =>
    readFieldValues([field(over)], typed === undefined ? {} : { field_x: typed }).errors.field_x

  it.each<[object, string | undefined, string | undefined]>([
    [{ required: true }, '', 'Fill in “X”.'],
    [{ required: true }, '   ', 'Fill in “X”.'],
    [{}, '', undefined],
    [{}, undefined, undefined],
    [{ maxLength: 3 }, 'abcd', 'X has 4 characters. Use at most 3.'],
    [{ pattern: 'TS\\d{9}', patternHelp: 'TS and 9 digits.' }, 'TS12345678', 'TS and 9 digits.'],
    [{ pattern: 'TS\\d{9}' }, 'xTS123456789', 'X is not written as expected.'],
    [{ pattern: 'a|b' }, 'ab', 'X is not written as expected.'],
    [{ pattern: 'TS\\d{9}' }, 'TS123456789', undefined],
    [{ type: 'number', min: 1, max: 5 }, '6', 'X must be at most 5.'],
    [{ type: 'number', min: 1, max: 5 }, '0.5', 'X must be at least 1.'],
    [{ type: 'number' }, 'Infinity', '“Infinity” is not a number. Write it like 12 or 12.5.'],
    [{ type: 'number' }, '0x10', '“0x10” is not a number. Write it like 12 or 12.5.'],
    [{ type: 'number' }, '-3.5', undefined],
    [{ type: 'checkbox', required: true }, undefined, 'Tick “X” to go on.'],
    [{ type: 'checkbox', required: true }, 'yes', undefined],
    [{ type: 'select', options: [{ value: 'a', label: 'A' }] }, 'b', 'Choose one of: A.'],
    [{ type: 'select', options: [{ value: 'a', label: 'A' }] }, 'a', undefined],
    [{ type: 'date' }, '2026-02-30', '“2026-02-30” is not a day. Write it like 2026-03-29 (year-month-day).'],
    [{ type: 'date' }, '2026-02-28', undefined],
  ])('%j given %j: %s', (over, typed, error) => {
    expect(errorOf(over, typed)).toBe(error)
  })

  it('keep nothing that the action does not ask for', () => {
    const { values } = readFieldValues([field({ type: 'checkbox' })], { field_x: 'on', field_y: 'forged' })
    expect(values).toEqual({ x: 'yes' })
  })
})

describe('Open a support case', () => {
  const request = { ...requestRow({ status: 'FAILED', reason: 'Exit status 3.' }), id: 2261 }
  const facts = {
    request: request as Parameters<typeof supportCase>[1]['request'],
    environment: { id: '10000-DEV', description: 'Development environment' },
    step: 'Stop',
    excerpt: ['first', 'second'],
    address: 'https://portal.example.com/service-requests/2261/log',
  }

  it('asks to complete the action and says what was attempted', () => {
    const { text, href } = supportCase({ SUPPORT_CASE: undefined }, facts)
    expect(href).toBe(null)
    for (const wanted of [
      'Please complete this action: Restart Asset Management Application on 10000-DEV (Development environment).',
      'This action was attempted via the self-service portal.',
      'Service Request: 2261 (FAILED)',
      'Step:            Stop',
      '  first\n  second',
    ])
      expect(text).toContain(wanted)
  })

  it('goes by mail, cut where mail programs would cut it', () => {
    const { href } = supportCase({ SUPPORT_CASE: 'mailto:help@example.com' }, facts)
    expect(href).toMatch(/^mailto:help@example\.com\?subject=Service%20request%202261/)
    const long = supportCase(
      { SUPPORT_CASE: 'mailto:help@example.com?cc=x@example.com' },
      { ...facts, excerpt: ['é'.repeat(5000)] },
    )
    expect(long.href).toContain('?cc=x@example.com&subject=')
    expect(decodeURIComponent(long.href ?? '').length).toBeLessThan(2000)
  })

  it('or on a page, never to anything else', () => {
    expect(supportCase({ SUPPORT_CASE: 'https://help.example.com/new' }, facts).href).toBe(
      'https://help.example.com/new',
    )
    expect(supportCase({ SUPPORT_CASE: 'javascript:alert(1)' }, facts).href).toBe(null)
  })
})
