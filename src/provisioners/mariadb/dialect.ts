import type { Secret } from '../../secret.ts'
import type { Finding } from '../check-lines.ts'
import type { Target } from '../provisioner.ts'
import type { Verifier } from './verifier.ts'

/** Runs a query on the session it was taken from. */
export type Ask = <R>(sql: string, values?: readonly (string | number | null)[]) => Promise<R[]>

/** Major, minor, patch. */
export type Version = readonly [number, number, number]

/** What MariaDB and MySQL do each in their own way; all else is said to both in the same words. */
export interface Dialect {
  name: 'MariaDB' | 'MySQL'
  /** The oldest that locks accounts, lets passwords end and has a right of its own for each. */
  oldest: Version
  /** Global rights of the portal's account, as information_schema.user_privileges has them. */
  neededRights(target: Target, version: Version): readonly string[]

  /** By the best that this server has. */
  verifierFor(ask: Ask, password: Secret): Promise<Verifier>
  checkPasswords(ask: Ask): Promise<Finding>
  /** For CREATE USER and ALTER USER. */
  identifiedBy(verifier: Verifier): string
  /** For an ALTER USER that sets a password: ends a block after too many wrong ones, and no other lock. */
  unblocking(ask: Ask, name: string): Promise<string>

  /** Accounts that a condition on the columns `user` and `host` gives. */
  usersWhere(ask: Ask, condition: string, values: readonly (string | number)[]): Promise<FoundUser[]>
  rolesOf(ask: Ask, name: string, host: string): Promise<string[]>
  /** How this database, and no other, is named in a grant. */
  grantedPlace(ask: Ask, database: string): Promise<string>
  /** Statements that take away what every account may do without having been given it. */
  rightsOfEverybody(ask: Ask): Promise<string[]>

  /** All that are connected, but us. */
  sessions(ask: Ask): Promise<ServerSession[]>
  /** What `sessions` calls those that are signing in; null: by their names. */
  signingIn: string | null

  /** The number that replication knows a server by, as `id`. */
  identityQuery: string
  /** What a server has done so far, as `position`: its global transaction ids. */
  positionQuery: string
  /** `late` is 0 once the position it is given was reached. */
  waitQuery(seconds: number): string
  /** Where there are no such ids: how to get them. */
  howToNumber: string
  /** Why a replica could not be written to, by us either; null: it can. */
  whyReplicaRefuses(ask: Ask): Promise<string | null>
}

export interface ServerSession {
  id: number
  user: string
}

/** An account of that name as it stands in the server's tables. Another host is another account. */
export interface FoundUser {
  name: string
  host: string
  verifier: { plugin: string; text: string }
  locked: boolean
  /** When its password was last set; null: it has been declared expired. */
  changedAt: Date | null
  /** The server's own end of it; null: none. */
  validUntil: Date | null
  needsTls: boolean
}

/** In seconds and days. Zero: declared expired; negative: never noted, and then it has no age. */
export function ageOf(changed: number, days: number): Pick<FoundUser, 'changedAt' | 'validUntil'> {
  if (changed === 0) return { changedAt: null, validUntil: new Date(0) }
  const changedAt = changed < 0 ? null : new Date(changed * 1000)
  const ends = changedAt !== null && days > 0
  return { changedAt, validUntil: ends ? new Date(changedAt.getTime() + days * 86_400_000) : null }
}

/** Of accounts that have none of their own, in days. */
export async function usualLifetime(ask: Ask): Promise<number> {
  const [row] = await ask<{ days: number }>('select @@global.default_password_lifetime as days')
  return Number(row?.days ?? 0)
}

/** Whether `version` is that one or a later one. */
export function isFrom(version: Version, first: Version): boolean {
  const place = version.findIndex((part, at) => part !== first[at])
  return place < 0 || (version[place] ?? 0) > (first[place] ?? 0)
}
