import { expect, test } from 'vitest'
import { instantOfWall, wallOfInstant } from '../../src/notices/expiration.ts'

const zone = 'Europe/Berlin'

test('the field shows the wall time of the reader, and gives the same instant back', () => {
  expect(wallOfInstant('2026-07-01T07:00:00.000Z', zone)).toBe('2026-07-01T09:00')
  expect(instantOfWall('2026-07-01T09:00', zone)).toBe('2026-07-01T07:00:00.000Z')
})

test('a wall time that does not exist, or happens twice, is the later one', () => {
  expect(instantOfWall('2026-03-29T02:30', zone)).toBe('2026-03-29T01:30:00.000Z')
  expect(instantOfWall('2026-10-25T02:30', zone)).toBe('2026-10-25T01:30:00.000Z')
})

test.each(['', 'tomorrow', '2026-02-31T10:00', '2026-07-01', '2026-07-01T25:00'])('“%s” is no time', typed =>
  expect(instantOfWall(typed, zone)).toBeUndefined(),
)
