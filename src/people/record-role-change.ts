import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { endAbsencesOf } from './end-absences.ts'

type Standing = Pick<Row<'persons'>, 'role' | 'managing_customer_id'>

/** Writes into the trail what became of a person's role; who no longer manages a customer stands in for nobody there. */
export async function recordRoleChange(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  actor: Actor,
  before: Standing & { id: string },
  after: Standing,
): Promise<void> {
  const verb = roleVerb(before, after)
  if (verb === null) return
  const { id } = before
  if (before.managing_customer_id !== null) await endAbsencesOf(tx, deps, actor, id)
  const customerId = after.managing_customer_id ?? before.managing_customer_id
  await record(
    tx,
    deps.clock,
    actor,
    verb,
    { type: 'person', id, customerId },
    {
      role: [before.role, after.role],
      managing_customer_id: [before.managing_customer_id, after.managing_customer_id],
    },
  )
}

function roleVerb(before: Standing, after: Standing): string | null {
  if (before.role === after.role && before.managing_customer_id === after.managing_customer_id) return null
  if (after.role === 'MANAGER')
    return before.role === 'MANAGER'
      ? `person made manager of ${after.managing_customer_id} instead of ${before.managing_customer_id}`
      : `person promoted to manager of ${after.managing_customer_id}`
  if (before.role === 'MANAGER' && after.role === 'STD_USER') return 'person demoted to STD_USER'
  return `person given the Role ${after.role}`
}
