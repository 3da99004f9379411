import type { Deps, Tx } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'

export const CERTIFICATE_JOB = 'look at certificates'

/** Has a worker fetch what a server's accounts show. Call deps.wake() after the commit. */
export const askForCertificates = (tx: Tx, { clock }: Pick<Deps, 'clock'>, serverId: number) =>
  enqueue(tx, clock, {
    name: CERTIFICATE_JOB,
    payload: { serverId },
    uniqueKey: `certificates:${serverId}`,
    maxAttempts: 3,
  })
