import { describe, expect, it } from 'vitest'
import { longestGap, missedAt, warnedFrom, whyMissed } from '../../src/service-requests/lateness.ts'

const limits = { LATE_LIMIT: 30 }
const at = (time: string) => `2026-03-02T${time}:00.000Z`
const scheduled = { requested_start: at('10:00'), queued_at: at('08:00'), reported_at: at('08:00') }
const soon = { requested_start: null, queued_at: at('08:00'), reported_at: at('07:00') }
const allDay = [{ from: at('00:00'), to: '2026-03-04T00:00:00.000Z' }]

describe('a request with a Requested Start', () => {
  it('is missed when the limit has passed, whoever worked', () => {
    expect(missedAt(scheduled, limits)).toBe(at('10:30'))
    expect(whyMissed(scheduled, limits, at('10:30'), allDay)).toBe(null)
    expect(whyMissed(scheduled, limits, '2026-03-02T10:30:00.001Z', allDay)).toContain('within 30 minutes')
    expect(whyMissed(scheduled, limits, at('10:29'), [])).toBe(null)
    expect(whyMissed(scheduled, { LATE_LIMIT: 1 }, at('10:02'), [])).toContain('within 1 minute of')
  })

  it('warns when half of the limit has passed', () => {
    expect(warnedFrom(scheduled, limits)).toBe(at('10:15'))
  })
})

describe('a request as soon as possible', () => {
  it('is never late behind another one, but missed after a day', () => {
    expect(whyMissed(soon, limits, at('20:00'), allDay)).toBe(null)
    expect(whyMissed(soon, limits, '2026-03-03T08:00:00.000Z', allDay)).toBe(null)
    expect(whyMissed(soon, limits, '2026-03-03T08:01:00.000Z', allDay)).toContain('24 hours')
    expect(warnedFrom(soon, limits)).toBe('2026-03-03T07:00:00.000Z')
  })

  it('is missed when no worker was alive for the limit', () => {
    expect(whyMissed(soon, limits, at('08:30'), [])).toBe(null)
    expect(whyMissed(soon, limits, at('08:31'), [])).toContain('No worker of the portal was running')
    const back = [{ from: at('09:00'), to: at('09:05') }]
    expect(whyMissed(soon, limits, at('09:05'), back)).toContain('No worker')
  })

  it('waits while one worker follows another', () => {
    const inTurns = [
      { from: at('08:20'), to: at('08:40') },
      { from: at('06:00'), to: at('08:01') },
      { from: at('09:00'), to: at('09:30') },
    ]
    expect(whyMissed(soon, limits, at('09:30'), inTurns)).toBe(null)
  })
})

describe('the longest time without a worker', () => {
  it.each([
    [[], 60],
    [[{ from: at('08:00'), to: at('09:00') }], 0],
    [[{ from: at('08:10'), to: at('08:20') }], 40],
    [[{ from: at('08:50'), to: at('09:20') }], 50],
    [[{ from: at('07:00'), to: at('07:30') }], 60],
    [[{ from: at('10:00'), to: at('11:00') }], 60],
    [
      [
        { from: at('08:00'), to: at('08:50') },
        { from: at('08:10'), to: at('08:20') },
      ],
      10,
    ],
  ])('%j is %i minutes', (alive, gap) => {
    expect(longestGap(alive, at('08:00'), at('09:00'))).toBe(gap * 60_000)
  })
})
