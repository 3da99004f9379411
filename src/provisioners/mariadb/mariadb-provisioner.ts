import type { Secret } from '../../secret.ts'
import {
  type Account,
  type CheckedDatabase,
  type CheckLine,
  type FoundAccount,
  type Owner,
  type Position,
  type Proof,
  type Provisioner,
  type ProvisionerDeps,
  ProvisionerError,
  type Removal,
  type ServerAccess,
  type ServerCertificate,
  type ServerIdentity,
  type Target,
} from '../provisioner.ts'
import { adoptUser, ensureUser, setEnd, setPassword } from './accounts.ts'
import { check } from './check.ts'
import { Connections, type Limits } from './connection.ts'
import { identify } from './identify.ts'
import { listUsers } from './list.ts'
import { prove } from './prove.ts'
import { asAdmin, type Session } from './session.ts'
import { endOwnWork, holdingLock } from './sessions.ts'
import { caughtUp } from './standby.ts'
import { drop, lock } from './take-away.ts'
import { notOurs, ownerOf } from './users.ts'

/**
 * Accounts of the standby are made on the standby only, the others on the primary, from where replication takes them to
 * the standby. So there is no position to wait for: an account signs in where it was made.
 */
export class MariadbProvisioner implements Provisioner {
  readonly #connections: Connections
  readonly #deps: ProvisionerDeps

  constructor(access: ServerAccess, deps: ProvisionerDeps, limits: Partial<Limits> = {}) {
    this.#connections = new Connections(access, () => deps.clock.now(), limits)
    this.#deps = deps
  }

  check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]> {
    return check(this.#connections, databases)
  }

  identify(): Promise<ServerIdentity> {
    return identify(this.#connections)
  }

  async whoHas(name: string): Promise<'free' | Owner> {
    const mark = await this.#markOf('primary', name)
    if (mark !== 'free') return { mark }
    if (!this.#connections.hasStandby || (await this.#markOf('standby', name)) === 'free') return 'free'
    // Its own, unless the primary has dropped it and the standby lags.
    await caughtUp(this.#connections)
    const there = await this.#markOf('standby', name)
    return there === 'free' ? there : { mark: there, target: 'standby' }
  }

  async ensureAccount(account: Account, password: Secret): Promise<Position> {
    await this.#expectNotElsewhere(account)
    const checkpoint = (name: string) => this.#deps.checkpoint?.(name)
    return this.#onAccount(account, session => ensureUser(session, account, password, checkpoint))
  }

  changePassword(account: Account, password: Secret): Promise<Position> {
    return this.#onAccount(account, session => setPassword(session, account, password))
  }

  extend(account: Account): Promise<Position> {
    return this.#onAccount(account, session => setEnd(session, account))
  }

  async hasReached(): Promise<boolean> {
    return true
  }

  proves(account: Account, password: Secret): Promise<Proof> {
    return prove(this.#connections, account, password)
  }

  lockAccount(account: Account): Promise<void> {
    return lock(this.#connections, account)
  }

  dropAccount(account: Account): Promise<Removal> {
    return drop(this.#connections, account)
  }

  endOwnWork({ mark, target }: Account): Promise<void> {
    return asAdmin(this.#connections, target, session => endOwnWork(session, mark))
  }

  async *listAccounts(): AsyncIterable<FoundAccount> {
    const seen = new Set<string>()
    for (const target of this.#targets())
      for (const found of await this.#listed(target)) {
        if (target === 'standby' && seen.has(found.name)) continue
        seen.add(found.name)
        yield found
      }
  }

  async adopt(name: string, mark: number): Promise<void> {
    for (const target of this.#targets()) {
      if ((await this.#markOf(target, name)) === 'free') continue
      return asAdmin(this.#connections, target, session => adoptUser(session, name, mark))
    }
    throw new ProvisionerError('missing', `There is no account ${name} on the server.`)
  }

  certificate(target: Target): Promise<ServerCertificate> {
    return this.#connections.certificate(target)
  }

  async close(): Promise<void> {}

  #targets(): readonly Target[] {
    return this.#connections.hasStandby ? ['primary', 'standby'] : ['primary']
  }

  #markOf(target: Target, name: string): Promise<number | null | 'free'> {
    return asAdmin(this.#connections, target, async session => (await ownerOf(session, name)).mark)
  }

  /** One of the standby's own with this name would stop replication when the primary's arrives, and the other way round. */
  async #expectNotElsewhere({ name, target }: Account): Promise<void> {
    if (!this.#connections.hasStandby || (await this.#markOf(target, name)) !== 'free') return
    const other = target === 'primary' ? 'standby' : 'primary'
    if ((await this.#markOf(other, name)) !== 'free') throw notOurs(name)
  }

  #listed(target: Target): Promise<FoundAccount[]> {
    return asAdmin(this.#connections, target, async session => {
      const found: FoundAccount[] = []
      for await (const account of listUsers(session)) found.push(account)
      return found
    })
  }

  async #onAccount(account: Account, work: (session: Session) => Promise<void>): Promise<Position> {
    await asAdmin(this.#connections, account.target, session =>
      holdingLock(session, account.mark, () => work(session)),
    )
    return null
  }
}
