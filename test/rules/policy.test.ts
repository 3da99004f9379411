import { describe, expect, it } from 'vitest'
import { type Actor, can, type RequestSubject } from '../../src/policy.ts'
import type { ServiceRequestAct } from '../../src/service-requests/service-request-states.ts'

const person = (id: string, role: Actor['role'], managingCustomerId: string | null = null): Actor => ({
  id,
  role,
  name: id,
  managingCustomerId,
  timeZone: null,
})

/** Everybody who can stand before a request of customer 10000 that USER01 made. */
const cast = {
  operator: { actor: person('OPERATOR01', 'OPERATOR'), right: false },
  'manager with the right': { actor: person('MANAGER01', 'MANAGER', '10000'), right: true },
  'manager without it': { actor: person('MANAGER02', 'MANAGER', '10000'), right: false },
  'manager of another customer, with the right': {
    actor: person('MANAGER03', 'MANAGER', '20000'),
    right: true,
  },
  requester: { actor: person('USER01', 'STD_USER'), right: true },
  'requester who lost the right': { actor: person('USER01', 'STD_USER'), right: false },
  'colleague with the right': { actor: person('USER02', 'STD_USER'), right: true },
  'colleague without it': { actor: person('USER02', 'STD_USER'), right: false },
} as const
type Who = keyof typeof cast
const everybody = Object.keys(cast) as Who[]

const holders = ['operator', 'manager with the right', 'manager of another customer, with the right'] as const
const withRight: readonly Who[] = [...holders, 'requester', 'colleague with the right']
const owning: readonly Who[] = ['operator', 'manager with the right', 'requester']
const settling: readonly Who[] = ['operator', 'manager with the right', 'manager without it']
const requesters: readonly Who[] = ['requester', 'requester who lost the right']

type Act = `service-request.${ServiceRequestAct}`
const allowed: Record<
  Act | 'service-request.edit' | 'service-request.copy' | 'service-request.note',
  readonly Who[]
> = {
  'service-request.edit': owning,
  'service-request.queue': withRight,
  'service-request.take-back': owning,
  'service-request.cancel': owning,
  'service-request.settle-resolved': settling,
  'service-request.settle-failed': settling,
  'service-request.close': requesters,
  'service-request.copy': withRight,
  'service-request.note': [...settling, ...requesters],
}
const permissions = Object.keys(allowed) as (keyof typeof allowed)[]

describe('who may do what with a service request', () => {
  it.each(permissions.flatMap(permission => everybody.map(who => [permission, who] as const)))(
    '%s: %s',
    (permission, who) => {
      const { actor, right } = cast[who]
      const subject: RequestSubject = { customerId: '10000', reportedBy: 'USER01', mayRequest: right }
      expect(can(actor, permission, subject)).toBe(allowed[permission].includes(who))
    },
  )

  it.each(everybody)('creating: %s', who => {
    const { actor, right } = cast[who]
    const may = can(actor, 'service-request.create', { customerId: '10000', mayRequest: right })
    expect(may).toBe(withRight.includes(who))
  })

  it.each(everybody)('aborting, hidden notes and administration are for operators: %s', who => {
    const { actor } = cast[who]
    for (const permission of [
      'service-request.abort',
      'service-request.see-hidden-notes',
      'administration.use',
      'asset.configure',
    ] as const)
      expect(can(actor, permission)).toBe(who === 'operator')
  })
})
