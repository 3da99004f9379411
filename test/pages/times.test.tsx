import { describe, expect, test } from 'vitest'
import { pageWords } from '../../views/ui/pager.tsx'
import { clockTime, duration, exactTime, shortTime, Time } from '../../views/ui/time.tsx'

describe('a time', () => {
  test.each([
    ['2026-01-07T14:59:12.000Z', 'UTC', '7 Jan 2026, 14:59'],
    ['2026-01-07T14:59:12.000Z', 'Europe/Berlin', '7 Jan 2026, 15:59'],
    ['2026-07-07T22:59:12.000Z', 'Europe/Berlin', '8 Jul 2026, 00:59'],
    ['2026-01-01T01:00:00.000Z', 'America/St_Johns', '31 Dec 2025, 21:30'],
    ['2026-01-07T14:59:12.000Z', 'Asia/Kathmandu', '7 Jan 2026, 20:44'],
  ])('%s is shown in %s as %s', (at, zone, words) => {
    expect(shortTime(new Date(at), zone)).toBe(words)
  })

  test('follows the clocks when they change', () => {
    const shown = ['2026-03-29T00:59:59.000Z', '2026-03-29T01:00:00.000Z'].map(at =>
      clockTime(new Date(at), 'Europe/Berlin'),
    )
    expect(shown).toEqual(['01:59:59', '03:00:00'])
  })

  test('says exactly which zone and which UTC it is', () => {
    expect(exactTime(new Date('2026-01-07T14:59:12.000Z'), 'Europe/Berlin')).toBe(
      'Wednesday 7 January 2026, 15:59:12 Europe/Berlin (14:59:12 UTC)',
    )
  })

  test.each([
    ['UTC', '7 Jan 2026, 14:59 UTC'],
    ['Europe/Berlin', '7 Jan 2026, 15:59 Europe/Berlin (14:59 UTC)'],
    ['Asia/Tokyo', '7 Jan 2026, 23:59 Asia/Tokyo (14:59 UTC)'],
    ['Pacific/Auckland', '8 Jan 2026, 03:59 Pacific/Auckland (7 Jan 2026, 14:59 UTC)'],
  ])('fits into a sentence in %s', (zone, words) => {
    const time = <Time at="2026-01-07T14:59:12.000Z" zone={zone} look="sentence" />
    expect(time.toString()).toContain(`>${words}</time>`)
  })

  test('is read by machines as it was stored', () => {
    const at = '2026-01-07T14:59:12.000Z'
    expect((<Time at={at} zone="Europe/Berlin" />).toString()).toContain(`<time datetime="${at}"`)
  })
})

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('%i milliseconds are %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test.each([
  [{ from: 1, to: 10, total: 10 }, '1 - 10 of 10'],
  [{ from: 0, to: 0, total: 0 }, '0 - 0 of 0'],
  [{ from: 1001, to: 1020, total: 10_000, atLeast: true }, '1,001 - 1,020 of 10,000+'],
])('a page %o reads %s', (page, words) => {
  expect(pageWords({ previous: null, next: null, ...page })).toBe(words)
})
