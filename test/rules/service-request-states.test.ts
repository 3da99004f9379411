import { describe, expect, it } from 'vitest'
import type { RequestStatus } from '../../db/schema.ts'
import {
  allStatuses,
  canHappen,
  copyable,
  isServiceRequestAct,
  type ServiceRequestEvent,
  serviceRequestActs,
  serviceRequestEvents,
} from '../../src/service-requests/service-request-states.ts'

/** The whole machine, written out once more: from which status each event leads where. */
const machine: Record<ServiceRequestEvent, Partial<Record<RequestStatus, RequestStatus>>> = {
  queue: { NEW: 'QUEUED' },
  'take-back': { QUEUED: 'NEW' },
  cancel: { NEW: 'CANCELLED', QUEUED: 'CANCELLED' },
  'pick-up': { QUEUED: 'INPROG' },
  miss: { QUEUED: 'MISSED' },
  refuse: { QUEUED: 'FAILED' },
  resolve: { INPROG: 'RESOLVED' },
  fail: { INPROG: 'FAILED' },
  lose: { INPROG: 'UNKNOWN' },
  'settle-resolved': { UNKNOWN: 'RESOLVED' },
  'settle-failed': { UNKNOWN: 'FAILED' },
  close: { RESOLVED: 'CLOSED', FAILED: 'CLOSED' },
}
const events = Object.keys(machine) as ServiceRequestEvent[]

describe('the states of a service request', () => {
  it.each(events.flatMap(event => allStatuses.map(status => [event, status] as const)))(
    '%s in %s',
    (event, status) => {
      const to = machine[event][status]
      expect(canHappen(event, status)).toBe(to !== undefined)
      if (to !== undefined) expect(serviceRequestEvents[event].to).toBe(to)
    },
  )

  it('has no event that is missing here', () => {
    expect(Object.keys(serviceRequestEvents).sort()).toEqual([...events].sort())
  })

  it('can’t be stopped by a person once it is picked up', () => {
    expect(serviceRequestActs.filter(act => canHappen(act, 'INPROG'))).toEqual([])
  })

  it('ends in CLOSED, CANCELLED and MISSED for good, and then offers a copy', () => {
    const ends = allStatuses.filter(status => !events.some(event => canHappen(event, status)))
    expect(ends).toEqual(['MISSED', 'CANCELLED', 'CLOSED'])
    expect(copyable).toEqual(expect.arrayContaining(ends))
  })

  it('reaches every status from NEW', () => {
    const reached = new Set<RequestStatus>(['NEW'])
    for (const _ of allStatuses)
      for (const event of events)
        if ([...reached].some(status => canHappen(event, status))) reached.add(serviceRequestEvents[event].to)
    expect([...reached].sort()).toEqual([...allStatuses].sort())
  })

  it('takes only its own words for acts', () => {
    expect(isServiceRequestAct('queue')).toBe(true)
    expect(isServiceRequestAct('pick-up')).toBe(false)
    expect(isServiceRequestAct('constructor')).toBe(false)
  })
})
