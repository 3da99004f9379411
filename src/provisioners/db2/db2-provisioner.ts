import type { z } from 'zod'
import type { Secret } from '../../secret.ts'
import { AccountPrograms, failed, noPassword, proofOf, statuses, valuesOf } from '../account-program.ts'
import { fillIn } from '../argv-template.ts'
import { look } from '../check-lines.ts'
import { type Ended, runProgram } from '../programs.ts'
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
  type ServerIdentity,
} from '../provisioner.ts'
import type { db2Options } from './db2.ts'
import {
  authId,
  databaseName,
  directRightsQuery,
  forceStatement,
  grantStatements,
  ownedQuery,
  revokeStatements,
  sessionsQuery,
  transferStatement,
} from './db2-statements.ts'

type Options = z.infer<typeof db2Options>
type AccountVerb = 'create' | 'password' | 'prove' | 'lock' | 'drop' | 'adopt'

/** SQLSTATEs that say that it was so already. */
const alreadySo = /\b(42710|42504|42704|28503)\b/

export class Db2Provisioner implements Provisioner {
  readonly #access: ServerAccess
  readonly #options: Options
  readonly #deps: ProvisionerDeps
  readonly #accounts: AccountPrograms<AccountVerb>

  constructor(access: ServerAccess, options: Options, deps: ProvisionerDeps) {
    this.#access = access
    this.#options = options
    this.#deps = deps
    this.#accounts = new AccountPrograms(access, () => options.account, options.seconds, deps)
  }

  async check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]> {
    const lines: CheckLine[] = []
    for (const { asset, database } of databases)
      await look(lines, asset, async () => {
        const [level = ''] = await this.#query(database, 'SELECT SERVICE_LEVEL FROM SYSIBMADM.ENV_INST_INFO')
        if ((await this.whoHas('gatehouse_check')) !== 'free') return 'The name gatehouse_check is taken.'
        return `${level} answers, and so does the script for accounts.`
      })
    return lines
  }

  /** Db2 says nothing that tells a promotion over both templates: the names in use stand for the servers. */
  async identify(): Promise<ServerIdentity> {
    const { host, standby } = this.#access
    return { primary: host, standby: standby?.host ?? null }
  }

  whoHas(name: string): Promise<'free' | Owner> {
    return this.#accounts.whoHas(name)
  }

  /** The operating system's account carries the mark; the script makes both in one go. */
  async ensureAccount(account: Account, password: Secret): Promise<Position> {
    authId(account.name)
    await this.#accounts.done('create', valuesOf(account), password)
    await this.#statements(account.database, grantStatements(account))
    return null
  }

  async changePassword(account: Account, password: Secret): Promise<Position> {
    await this.#accounts.done('password', valuesOf(account), password)
    return null
  }

  /** The end of a password is set with the password. */
  async extend(): Promise<Position> {
    return null
  }

  async hasReached(): Promise<boolean> {
    return true
  }

  async proves(account: Account, password: Secret): Promise<Proof> {
    return proofOf(await this.#accounts.run('prove', valuesOf(account), password))
  }

  async lockAccount(account: Account): Promise<void> {
    await this.#accounts.done('lock', valuesOf(account), noPassword, [statuses.missing])
    await this.#endSessions(account)
  }

  async dropAccount(account: Account): Promise<Removal> {
    if ((await this.whoHas(account.name)) === 'free') return this.#withoutRights(account)
    await this.lockAccount(account)
    const removal = await this.#withoutRights(account)
    await this.#accounts.done('drop', valuesOf(account), noPassword, [statuses.missing])
    const owner = await this.whoHas(account.name)
    if (owner !== 'free' && owner.mark === account.mark)
      throw new ProvisionerError('failed', `The script has ended, but ${account.name} is still there.`)
    await this.#endSessions(account)
    return removal
  }

  /** The script's own lock keeps two of them apart. */
  async endOwnWork(): Promise<void> {}

  listAccounts(): AsyncIterable<FoundAccount> {
    return this.#accounts.listAccounts()
  }

  async adopt(name: string, mark: number): Promise<void> {
    await this.#accounts.done('adopt', { name, mark: String(mark) }, noPassword)
  }

  /** Its certificate is fetched nowhere yet: clients take it from the operators. */
  async certificate(): Promise<null> {
    return null
  }

  async close(): Promise<void> {}

  async #withoutRights(account: Account): Promise<Removal> {
    const tables = await this.#query(account.database, ownedQuery(account.name))
    const to = this.#access.adminName
    await this.#statements(account.database, [
      ...tables.map(table => transferStatement(table, to)),
      ...revokeStatements(account),
    ])
    const left = await this.#query(account.database, directRightsQuery(account.name))
    return { notes: [...tables.map(table => `Table ${table} was given to ${to}.`), ...left] }
  }

  async #endSessions(account: Account): Promise<void> {
    const handles = async () =>
      (await this.#query(account.database, sessionsQuery(account.name))).filter(line => /^\d+$/.test(line))
    const open = await handles()
    if (open.length > 0) await this.#statements(account.database, [forceStatement(open)])
    if ((await handles()).length > 0)
      throw new ProvisionerError('lagging', `Sessions of ${account.name} are still coming to their end.`)
  }

  /** Statements on standard input, each ended by a semicolon, after CONNECT: as `db2 -x -t` reads them. */
  async #db2(database: string, statements: readonly string[]): Promise<Ended> {
    const name = databaseName(database)
    const secret = this.#access.adminPassword
    const connect = `CONNECT TO ${name} USER ${authId(this.#access.adminName)} USING "${secret.expose().replaceAll('"', '""')}"`
    return runProgram({
      argv: fillIn(this.#options.grants, { database: name, ...this.#place(this.#access) }),
      input: [connect, ...statements, 'CONNECT RESET'].map(one => `${one};\n`).join(''),
      secrets: [secret],
      environment: this.#deps.environment,
      limit: this.#options.seconds * 1000,
    })
  }

  async #statements(database: string, statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      const { status, out, says } = await this.#db2(database, [statement])
      // 1: no row; 2: a warning; 4 and more: an error of SQL or of db2 itself.
      if (status >= 4 && !alreadySo.test(out)) failed('grants', { status, says: says || lastLine(out) })
    }
  }

  async #query(database: string, query: string): Promise<string[]> {
    const { status, out, says } = await this.#db2(database, [query])
    if (status >= 4) failed('grants', { status, says: says || lastLine(out) })
    return out
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !/^(DB20000I|Database Connection Information)/.test(line))
  }

  #place({ host, port }: { host: string; port: number }) {
    return { host, port: String(port), admin: this.#access.adminName }
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
