import { describe, expect, it } from 'vitest'
import { isZone, readStart, resolveAgain, startWords } from '../../src/service-requests/requested-start.ts'

const now = new Date('2026-01-15T12:00:30.000Z')
const read = (wall: string, zone = 'Europe/Berlin', offset: number | null = null, at = now) =>
  readStart({ wall, zone, offset }, at)
const messageOf = (wall: string, zone?: string) => {
  const reading = read(wall, zone)
  return 'message' in reading ? reading.message : `accepted as ${JSON.stringify(reading)}`
}

describe('Requested Start', () => {
  it('left empty means as soon as possible', () => {
    expect(read('')).toEqual({ kind: 'as-soon-as-possible' })
    expect(read('   ')).toEqual({ kind: 'as-soon-as-possible' })
  })

  it.each([
    ['2026-02-01T09:00', 'Europe/Berlin', '2026-02-01T08:00:00.000Z'],
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-02-01T09:00', 'UTC', '2026-02-01T09:00:00.000Z'],
    ['2026-02-01T09:00', 'Asia/Kathmandu', '2026-02-01T03:15:00.000Z'],
    ['2026-02-01T09:00', 'America/St_Johns', '2026-02-01T12:30:00.000Z'],
    ['2026-02-01 09:00', 'UTC', '2026-02-01T09:00:00.000Z'],
    ['2026-02-01T09:00:00', 'UTC', '2026-02-01T09:00:00.000Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    const reading = read(wall, zone)
    expect(reading).toEqual({
      kind: 'at',
      start: { wall: wall.replace(' ', 'T').slice(0, 16), zone, offset: null, instant },
      choices: [],
    })
  })

  it('in the gap of summer time is refused, naming the next time there is', () => {
    expect(messageOf('2026-03-29T02:30')).toBe(
      'Sunday 29 March 2026, 02:30 Europe/Berlin does not exist; next is 03:00.',
    )
    expect(messageOf('2026-03-29T02:00')).toContain('does not exist; next is 03:00.')
    expect(read('2026-03-29T03:00').kind).toBe('at')
    expect(read('2026-03-29T01:59').kind).toBe('at')
  })

  it('in a gap over midnight names the day of the next time', () => {
    expect(messageOf('2026-09-06T00:30', 'America/Santiago')).toBe(
      'Sunday 6 September 2026, 00:30 America/Santiago does not exist; next is 01:00.',
    )
  })

  it('in the overlap asks which one, naming offset and UTC', () => {
    expect(read('2026-10-25T02:30')).toEqual({
      kind: 'ambiguous',
      message:
        'Sunday 25 October 2026, 02:30 Europe/Berlin happens twice, because the clocks go back. Choose which one you mean.',
      choices: [
        { offset: 120, label: '02:30 at UTC+02:00, that is 00:30 UTC' },
        { offset: 60, label: '02:30 at UTC+01:00, that is 01:30 UTC' },
      ],
    })
  })

  it.each([
    [120, '2026-10-25T00:30:00.000Z'],
    [60, '2026-10-25T01:30:00.000Z'],
  ])('in the overlap with the offset %i chosen is %s', (offset, instant) => {
    const reading = read('2026-10-25T02:30', 'Europe/Berlin', offset)
    expect(reading).toMatchObject({ kind: 'at', start: { offset, instant } })
  })

  it('asks again when the offset is none of the two', () => {
    expect(read('2026-10-25T02:30', 'Europe/Berlin', 300).kind).toBe('ambiguous')
  })

  it('forgets an offset where the time happens once', () => {
    expect(read('2026-02-01T09:00', 'Europe/Berlin', 120)).toMatchObject({
      kind: 'at',
      start: { offset: null },
    })
  })

  it('in the past is refused, but the running minute still counts', () => {
    expect(messageOf('2026-01-15T11:59', 'UTC')).toBe(
      'Thursday 15 January 2026, 11:59 UTC has passed. Choose a later time, or leave it empty to start as soon as possible.',
    )
    expect(read('2026-01-15T12:00', 'UTC').kind).toBe('at')
  })

  it('more than a year ahead is refused', () => {
    expect(messageOf('2027-01-17T12:00', 'UTC')).toContain('is more than a year ahead')
    expect(read('2027-01-15T12:00', 'UTC').kind).toBe('at')
  })

  it.each([
    ['soon', '“soon” is not a date and time.'],
    ['29.03.2026 14:30', '“29.03.2026 14:30” is not a date and time.'],
    ['2026-02-30T10:00', 'There is no 2026-02-30 10:00 in the calendar.'],
    ['2026-02-10T24:30', 'There is no 2026-02-10 24:30 in the calendar.'],
    ['9999999-01-01T00:00', 'is not a date and time.'],
    [`${'x'.repeat(10_000)}`, 'is not a date and time.'],
  ])('%.20s is answered in words', (wall, words) => {
    expect(messageOf(wall)).toContain(words)
  })

  it('in an unknown zone is answered in words', () => {
    expect(messageOf('2026-02-01T09:00', 'Middle/Earth')).toContain(
      'is not a time zone that the portal knows',
    )
    expect(isZone('')).toBe(false)
    expect(isZone('Europe/Berlin')).toBe(true)
  })
})

describe('a stored start resolved again', () => {
  it('keeps its wall time', () => {
    expect(resolveAgain({ wall: '2026-07-01T09:00', zone: 'Europe/Berlin', offset: null })).toBe(
      '2026-07-01T07:00:00.000Z',
    )
  })

  it('keeps the chosen one of two', () => {
    expect(resolveAgain({ wall: '2026-10-25T02:30', zone: 'Europe/Berlin', offset: 60 })).toBe(
      '2026-10-25T01:30:00.000Z',
    )
  })

  it('takes the first of two when a rule made it ambiguous later', () => {
    expect(resolveAgain({ wall: '2026-10-25T02:30', zone: 'Europe/Berlin', offset: null })).toBe(
      '2026-10-25T00:30:00.000Z',
    )
  })

  it('takes the end of the gap when a rule put it into one later', () => {
    expect(resolveAgain({ wall: '2026-03-29T02:30', zone: 'Europe/Berlin', offset: null })).toBe(
      '2026-03-29T01:00:00.000Z',
    )
  })
})

describe('a start in words', () => {
  it('names local time and UTC', () => {
    expect(startWords('2026-07-01T07:00:00.000Z', 'Europe/Berlin')).toBe(
      'Wednesday 1 July 2026, 09:00 Europe/Berlin (07:00 UTC)',
    )
    expect(startWords('2026-07-01T07:00:00.000Z', 'UTC')).toBe('Wednesday 1 July 2026, 07:00 UTC')
    expect(startWords('2026-07-01T23:00:00.000Z', 'Asia/Tokyo')).toBe(
      'Thursday 2 July 2026, 08:00 Asia/Tokyo (Wednesday 1 July 2026, 23:00 UTC)',
    )
  })
})
