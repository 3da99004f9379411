import { describe, expect, it } from 'vitest'
import type { AccessStatus } from '../../db/schema.ts'
import {
  type AccessEvent,
  accessActs,
  accessEvents,
  accessStatuses,
  canHappenTo,
  isAccessAct,
  openStatuses,
  pendingWords,
} from '../../src/access/access-states.ts'
import { accessTasks, failedWords, retryDelay, taskOf, waitingWords } from '../../src/access/access-tasks.ts'
import { hours, minutes } from '../../src/clock.ts'

/** The whole machine, written out once more: from which status each event leads where. */
const machine: Record<AccessEvent, Partial<Record<AccessStatus, AccessStatus>>> = {
  edit: { PROCESSING: 'PROCESSING' },
  approve: { PROCESSING: 'PROCESSING' },
  reject: { PROCESSING: 'REJECTED' },
  expire: { PROCESSING: 'REJECTED' },
  withdraw: { PROCESSING: 'REMOVED' },
  grant: { PROCESSING: 'APPROVED' },
  suspend: { APPROVED: 'SUSPENDED' },
  resume: { SUSPENDED: 'APPROVED' },
  remove: { APPROVED: 'PENDING REMOVAL', SUSPENDED: 'PENDING REMOVAL' },
  abandon: { PROCESSING: 'PENDING REMOVAL' },
  removed: { 'PENDING REMOVAL': 'REMOVED' },
  handOver: { APPROVED: 'REMOVED', SUSPENDED: 'REMOVED' },
}
const events = Object.keys(machine) as AccessEvent[]

describe('the states of an access', () => {
  it.each(events.flatMap(event => accessStatuses.map(status => [event, status] as const)))(
    '%s in %s',
    (event, status) => {
      const to = machine[event][status]
      expect(canHappenTo(event, status)).toBe(to !== undefined)
      if (to !== undefined) expect(accessEvents[event].to).toBe(to)
    },
  )

  it('has no event that is missing here', () => {
    expect(Object.keys(accessEvents).sort()).toEqual([...events].sort())
  })

  it('ends in REJECTED and REMOVED for good: all others are open', () => {
    const ends = accessStatuses.filter(status => !events.some(event => canHappenTo(event, status)))
    expect(ends).toEqual(['REJECTED', 'REMOVED'])
    expect(accessStatuses.filter(status => !ends.includes(status))).toEqual(openStatuses)
  })

  it('reaches every status from PROCESSING', () => {
    const reached = new Set<AccessStatus>(['PROCESSING'])
    for (const _ of accessStatuses)
      for (const event of events)
        if ([...reached].some(status => canHappenTo(event, status))) reached.add(accessEvents[event].to)
    expect([...reached].sort()).toEqual([...accessStatuses].sort())
  })

  it('is APPROVED and REMOVED only by what proves it', () => {
    const into = (status: AccessStatus) =>
      events.filter(event => accessEvents[event].to === status && event !== 'withdraw')
    expect(into('APPROVED')).toEqual(['grant', 'resume'])
    expect(into('REMOVED')).toEqual(['removed', 'handOver'])
    expect(accessActs.filter(act => ['grant', 'resume', 'removed'].includes(act))).toEqual([])
  })

  it('takes only its own words for acts', () => {
    expect(isAccessAct('remove')).toBe(true)
    expect(isAccessAct('grant')).toBe(false)
    expect(isAccessAct('constructor')).toBe(false)
  })
})

describe('what an access calls for', () => {
  const FAILED = failedWords('no such host')
  it.each([
    ['PROCESSING', null, null, null, null],
    ['PROCESSING', 'PROVISIONING', 'APPROVED', null, 'grant'],
    ['PROCESSING', FAILED, 'APPROVED', 'grant', 'grant'],
    ['APPROVED', null, 'APPROVED', 'grant', null],
    ['APPROVED', 'RESETTING PASSWORD', 'APPROVED', 'removal', 'reset'],
    ['APPROVED', FAILED, 'APPROVED', 'removal', 'reset'],
    ['PENDING REMOVAL', 'DEPROVISIONING', 'APPROVED', 'grant', 'remove'],
    ['PENDING REMOVAL', FAILED, null, 'removal', 'remove'],
    ['SUSPENDED', null, 'APPROVED', 'removal', null],
    ['SUSPENDED', 'SUSPENDING', 'APPROVED', 'grant', 'suspend'],
    ['SUSPENDED', 'RESUMING', 'APPROVED', 'removal', 'resume'],
    ['SUSPENDED', waitingWords('resume', 'the server is being checked'), 'APPROVED', 'removal', 'resume'],
    ['SUSPENDED', FAILED, 'APPROVED', 'removal', 'suspend'],
    ['SUSPENDED', FAILED, 'APPROVED', 'grant', 'resume'],
    ['REJECTED', null, 'REJECTED', null, null],
    ['REMOVED', null, 'APPROVED', 'removal', null],
  ] as const)('%s, %s, decided %s, last run %s: %s', (status, pending_status, decision, last, task) => {
    expect(taskOf({ status, pending_status, decision }, last)).toBe(task)
  })

  it('is shown by the words of its task', () => {
    expect(Object.values(accessTasks).map(task => task.word)).toEqual([
      pendingWords.grant,
      pendingWords.resume,
      pendingWords.suspend,
      pendingWords.removed,
      pendingWords.reset,
    ])
  })

  it('keeps a failure short and on one line', () => {
    expect(failedWords('a\n\n b')).toBe('FAILED: a b')
    expect(failedWords('x'.repeat(5000))).toHaveLength('FAILED: '.length + 300)
    expect(waitingWords('grant', 'x'.repeat(5000))).toHaveLength('PROVISIONING: '.length + 300)
    expect(failedWords(' ')).toBe('FAILED: no reason is known.')
  })

  it('is tried again after a growing while, at most six hours', () => {
    expect([1, 2, 3, 4].map(retryDelay)).toEqual([1, 2, 4, 8].map(minutes))
    expect([20, 1000].map(retryDelay)).toEqual([hours(6), hours(6)])
  })
})
