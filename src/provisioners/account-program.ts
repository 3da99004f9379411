import type { Ended } from './programs.ts'
import { type Account, type Proof, ProvisionerError } from './provisioner.ts'

/** Exit statuses of programs for accounts; every other is a failure, in the program's last words. */
export const statuses = {
  done: 0,
  /** The password breaks a rule of the system. */
  refused: 10,
  /** Somebody else has the name. */
  notOurs: 11,
  /** There is no such account. */
  missing: 12,
  /** prove: not that password. */
  wrong: 13,
  /** prove: too old to tell. */
  expired: 14,
  /** prove: the account is locked. */
  locked: 15,
  /** The standby has not got so far yet. */
  lagging: 16,
  /** Try again later (EX_TEMPFAIL). */
  unreachable: 75,
} as const

/** What its templates are filled in with. */
export const valuesOf = (account: Account): Record<string, string> => ({
  name: account.name,
  mark: String(account.mark),
  database: account.database,
  group: account.group,
  rights: account.readOnly ? 'ro' : 'rw',
  target: account.target,
  until: account.validUntil?.toISOString() ?? '',
})

const proofs = new Map<number, Proof>([
  [statuses.done, 'proven'],
  [statuses.wrong, 'refused'],
  [statuses.missing, 'refused'],
  [statuses.expired, 'expired'],
  [statuses.locked, 'locked'],
])

export const proofOf = (ended: Ended): Proof => proofs.get(ended.status) ?? failed('prove', ended)

const kinds = new Map<number, ProvisionerError['kind']>([
  [statuses.refused, 'refused'],
  [statuses.notOurs, 'not-ours'],
  [statuses.missing, 'missing'],
  [statuses.lagging, 'lagging'],
  [statuses.unreachable, 'unreachable'],
])

export function failed(verb: string, { status, says }: Pick<Ended, 'status' | 'says'>): never {
  throw new ProvisionerError(
    kinds.get(status) ?? 'failed',
    `The program ended with ${status} at “${verb}”${says ? `: ${says}` : '.'}`,
  )
}
