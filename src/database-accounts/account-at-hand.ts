import type { Deps } from '../deps.ts'
import { type Lease, LeaseLost, leaseMarginMs } from '../jobs/lease.ts'
import type { Provisioner } from '../provisioners/provisioner.ts'
import type { DatabaseAccount } from './accounts.ts'

/** An account in the hands of the job, its server open. */
export interface AccountAtHand {
  deps: Deps
  lease: Lease
  server: Provisioner
  account: DatabaseAccount
  /** Whose database it is. */
  asset: { id: string; customerId: string }
  /** The passwords that this attempt has sent, or was about to: what a lost lease has to answer for. */
  sent: SentPassword[]
}

export interface SentPassword {
  changeId: number
  secretId: string
}

/** Throws unless something may still be begun on the server: the job is ours, and the worker is not stopping. */
export function mayGoOn({ deps, lease }: Pick<AccountAtHand, 'deps' | 'lease'>): void {
  lease.signal.throwIfAborted()
  if (lease.remainingMs() <= leaseMarginMs(deps.config))
    throw new LeaseLost(`Job ${lease.jobId}: its lease is about to run out.`)
}
