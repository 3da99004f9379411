import type { Deps, Tx } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'

/** One open job per access: whatever is to be done about it is done in turn. */
export const ACCESS_JOB = 'work on access'
export const ACCESS_KEY = 'access:'
export const accessJobKey = (id: number) => `${ACCESS_KEY}${id}`

/** Has workers do what the access's Status and Pending Status call for. Call deps.wake() after the commit. */
export const enqueueAccessWork = (tx: Tx, { clock }: Pick<Deps, 'clock'>, accessId: number) =>
  enqueue(tx, clock, { name: ACCESS_JOB, payload: { accessId }, uniqueKey: accessJobKey(accessId) })
