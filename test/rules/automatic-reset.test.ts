import { expect, test } from 'vitest'
import { isTimeOfDay, lastResetBefore } from '../../src/database-accounts/automatic-reset.ts'

test.each([
  ['the same day', '2026-06-18T13:36:00.000Z', '02:00', 'UTC', '2026-06-18T02:00:00.000Z'],
  ['the day before', '2026-06-18T01:59:00.000Z', '02:00', 'UTC', '2026-06-17T02:00:00.000Z'],
  ['never at the very end', '2026-06-18T02:00:00.000Z', '02:00', 'UTC', '2026-06-17T02:00:00.000Z'],
  [
    'in the zone of the asset',
    '2026-06-18T13:36:00.000Z',
    '02:00',
    'Europe/Berlin',
    '2026-06-18T00:00:00.000Z',
  ],
  [
    'on its day, not on that of UTC',
    '2026-06-18T23:30:00.000Z',
    '01:00',
    'Asia/Tokyo',
    '2026-06-18T16:00:00.000Z',
  ],
  // 02:30 does not exist on that day: at the jump, 01:00 UTC.
  [
    'where the clocks jump over it',
    '2026-03-29T13:00:00.000Z',
    '02:30',
    'Europe/Berlin',
    '2026-03-29T01:00:00.000Z',
  ],
  // 02:30 comes at 00:30 and at 01:30 UTC: the earlier one.
  ['where it comes twice', '2026-10-25T13:00:00.000Z', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['between the two', '2026-10-25T01:00:00.000Z', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('the last reset before the end: %s', (_title, expires, time, zone, expected) => {
  expect(lastResetBefore(expires, time, zone)).toBe(expected)
})

test('it comes at most 26 hours before the end, and before it, on every day of a year and in every hour', () => {
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
    const expires = new Date(at).toISOString()
    const lead = at - Date.parse(lastResetBefore(expires, '02:15', 'America/New_York'))
    expect(lead).toBeGreaterThan(0)
    expect(lead).toBeLessThanOrEqual(26 * 3_600_000)
  }
})

test('a time of day is two digits, a colon and two digits', () => {
  expect(['00:00', '02:00', '23:59'].every(isTimeOfDay)).toBe(true)
  expect(['24:00', '2:00', '02:60', '', '02:00:00', ' 02:00'].some(isTimeOfDay)).toBe(false)
})
