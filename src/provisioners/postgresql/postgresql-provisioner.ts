import type pg from 'pg'
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
import { check } from './check.ts'
import { Connections } from './connection.ts'
import { ensureGroup } from './groups.ts'
import { identify } from './identify.ts'
import { listRoles } from './list.ts'
import { literal, markOf, quoted } from './names.ts'
import { prove } from './prove.ts'
import { ensureRole, expectAdmin, findRole, setEnd, setPassword } from './roles.ts'
import { endOwnWork } from './sessions.ts'
import { hasReplayed } from './standby.ts'
import { drop, lock } from './take-away.ts'
import { transaction } from './transaction.ts'

export class PostgresqlProvisioner implements Provisioner {
  readonly #connections: Connections
  readonly #deps: ProvisionerDeps

  constructor(access: ServerAccess, deps: ProvisionerDeps) {
    this.#connections = new Connections(access, () => deps.clock.now())
    this.#deps = deps
  }

  check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]> {
    return check(this.#connections, databases)
  }

  identify(): Promise<ServerIdentity> {
    return identify(this.#connections)
  }

  whoHas(name: string): Promise<'free' | Owner> {
    return this.#connections.asAdmin('primary', async client => {
      const found = await findRole(client, name)
      return found ? { mark: found.mark } : 'free'
    })
  }

  async ensureAccount(account: Account, password: Secret): Promise<Position> {
    const { database } = account
    const work = { database, application: markOf(account.mark) }
    return this.#connections.asAdmin(
      'primary',
      async client => {
        await ensureGroup(client, account)
        await this.#deps.checkpoint?.('group ensured')
        return ensureRole(client, account, password, this.#connections.options)
      },
      work,
    )
  }

  changePassword(account: Account, password: Secret): Promise<Position> {
    return this.#onAccount(account, client => setPassword(client, account, password))
  }

  extend(account: Account): Promise<Position> {
    return this.#onAccount(account, client => setEnd(client, account))
  }

  hasReached(position: Position): Promise<boolean> {
    return hasReplayed(this.#connections, position)
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

  endOwnWork({ mark }: Account): Promise<void> {
    return this.#connections.asAdmin('primary', client => endOwnWork(client, markOf(mark)))
  }

  async *listAccounts(): AsyncIterable<FoundAccount> {
    yield* await this.#connections.asAdmin('primary', async client => {
      const found: FoundAccount[] = []
      for await (const account of listRoles(client)) found.push(account)
      return found
    })
  }

  adopt(name: string, mark: number): Promise<void> {
    return this.#connections.asAdmin('primary', client =>
      transaction(client, async () => {
        const found = await findRole(client, name)
        if (!found) throw new ProvisionerError('missing', `There is no role ${name} on the server.`)
        if (found.superuser)
          throw new ProvisionerError(
            'not-ours',
            `${name} is a superuser: it is no account of an environment.`,
          )
        await expectAdmin(client, name)
        await client.query(`comment on role ${quoted(name)} is ${literal(markOf(mark))}`)
      }),
    )
  }

  certificate(target: Target): Promise<ServerCertificate> {
    return this.#connections.certificate(target)
  }

  async close(): Promise<void> {
    this.#connections.close()
  }

  #onAccount<T>(account: Account, work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.#connections.asAdmin('primary', work, { application: markOf(account.mark) })
  }
}
