import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Secret } from '../secret.ts'

/** An account as the portal wants it on a server. */
export interface Account {
  name: string
  /** What it carries on the server, where the server has a place for it (`gatehouse:MARK`): what makes it ours. */
  mark: number
  database: string
  /** Names the asset's groups: gatehouse_GROUP_rw, gatehouse_GROUP_ro. */
  group: string
  /** Roles whose tables it is about, those they are yet to make too. */
  owners: readonly string[]
  readOnly: boolean
  /** The server its owner signs in to. */
  target: Target
  /** The server's own end of the password: later than the portal's. Null: none. */
  validUntil: Date | null
}

export type Target = 'primary' | 'standby'

/** A point in the primary's history that the standby has to reach; null: nothing to wait for. */
export type Position = string | null

/**
 * What a sign-in says. expired: the server doesn't take it any more because of its age, so nobody can tell whether it
 * is the right one. locked: the account may not sign in at all.
 */
export type Proof = 'proven' | 'refused' | 'expired' | 'locked'

/** An account as it was found. */
export interface FoundAccount {
  name: string
  /** Null: nothing on it says that it is ours. */
  mark: number | null
  locked: boolean
  validUntil: Date | null
  /** Rights it has beyond its groups, in words; empty: as it should be. */
  unexpected: readonly string[]
}

/** Whose an account is. */
export interface Owner {
  /** Ours has that mark; null: not ours. */
  mark: number | null
  /** Where it was made, if that isn't the primary. */
  target?: Target
}

/** What became of what the account owned, for the record. */
export interface Removal {
  /** In words, such as "3 tables were given to gatehouse_x_rw"; empty: it owned nothing. */
  notes: readonly string[]
}

/** One thing `doctor` has looked at. */
export interface CheckLine {
  level: 'ok' | 'warning' | 'failed'
  /** What was looked at. */
  what: string
  /** What was found, and what to do about it: whole statements to run where there are any. */
  says: string
}

/** What a client needs to verify the server it connects to. */
export interface ServerCertificate {
  /** PEM: the file for verify-full. */
  pem: string
  /** When the first of the server's chain ends. */
  expiresAt: Date
}

/** What the server says of itself: another value means that it was promoted, restored or replaced. */
export interface ServerIdentity {
  /** Empty: it is away, and only the standby was asked. */
  primary: string
  standby: string | null
}

/**
 * Makes, changes and removes accounts on another system. Every verb may be repeated after a crash or a failure and
 * then goes on; those that promise an end (`lockAccount`, `dropAccount`) have read it back on every server before they
 * answer. They throw a ProvisionerError for whatever can be expected of another system, and wait no longer than the
 * connection's limits.
 */
export interface Provisioner {
  /** Everything that would make accounts unsafe or impossible; tries it with an account of its own. */
  check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]>
  identify(): Promise<ServerIdentity>
  /** free: nobody has that name. Else whose it is. */
  whoHas(name: string): Promise<'free' | Owner>
  /**
   * Makes the account with its groups and rights, able to sign in with this password; goes on with one that carries
   * its mark. Throws `not-ours` for any other of that name.
   */
  ensureAccount(account: Account, password: Secret): Promise<Position>
  /** Throws `missing` if it is not there, `refused` if the server doesn't take such a password. */
  changePassword(account: Account, password: Secret): Promise<Position>
  /** Moves the server's own end of the password, and nothing else. */
  extend(account: Account): Promise<Position>
  /** Whether the standby has what was done; waits a little. True where there is none. */
  hasReached(position: Position): Promise<boolean>
  /** Tells by signing in on the account's target, in its database. */
  proves(account: Account, password: Secret): Promise<Proof>
  /** It can't sign in, and has no session on any server. */
  lockAccount(account: Account): Promise<void>
  /** It is nowhere, nor are its sessions. Succeeds when it was gone already. */
  dropAccount(account: Account): Promise<Removal>
  /** What an earlier process may still be doing to this account on the server ends before this does. */
  endOwnWork(account: Account): Promise<void>
  /** Accounts with the portal's prefixes or mark, on the server people sign in to for that target. */
  listAccounts(): AsyncIterable<FoundAccount>
  /** Puts the mark on an account that an operator takes over. */
  adopt(name: string, mark: number): Promise<void>
  /**
   * Fetched by a handshake with the target and verified against what operators have stored. Null: this kind of system
   * has none.
   */
  certificate(target: Target): Promise<ServerCertificate | null>
  close(): Promise<void>
}

/** A database of an asset, for `check`. */
export interface CheckedDatabase {
  asset: string
  database: string
  group: string
  owners: readonly string[]
  production: boolean
}

/** How to reach a server, and as whom. */
export interface ServerAccess {
  /** As operators call it. */
  name: string
  host: string
  port: number
  standby: { host: string; port: number } | null
  adminName: string
  adminPassword: Secret
  trust: Trust
  /** As the engine's own schema reads it. */
  options: Readonly<Record<string, unknown>>
}

/** What the server's certificate is believed by: a CA, or a pin per server. */
export interface Trust {
  ca: string | null
  /** sha256 of the certificate, hex. */
  pin: string | null
  standbyPin: string | null
}

/** What provisioners are given of the portal. */
export interface ProvisionerDeps {
  clock: Clock
  log: Logger
  /** Environment that programs are started with. */
  environment: Readonly<Record<string, string>>
  /** Tests end the process, or hold it, at named points. */
  checkpoint?(name: string): Promise<void> | void
}

/** What can be expected to go wrong with another system. The message is shown to people and holds no secret. */
export class ProvisionerError extends Error {
  override name = 'ProvisionerError'
  readonly kind: ProvisionerProblem
  constructor(kind: ProvisionerProblem, message: string) {
    super(message)
    this.kind = kind
  }
}

export type ProvisionerProblem =
  /** No connection, or no answer in time; what was sent may have been done. */
  | 'unreachable'
  /** Its certificate is not what operators have stored. */
  | 'untrusted'
  /** The password was refused by a rule of the server: another one may be taken. */
  | 'refused'
  /** Somebody else's account has the name. */
  | 'not-ours'
  | 'missing'
  /** The portal's own account may not do it, or can't sign in. */
  | 'denied'
  /** The standby has not got so far yet: the same again later. */
  | 'lagging'
  /** Anything else that the server said. */
  | 'failed'
