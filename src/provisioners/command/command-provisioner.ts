import { X509Certificate } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { AccountPrograms, noPassword, proofOf, statuses, valuesOf } from '../account-program.ts'
import type { Ended } from '../programs.ts'
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
import type { CommandOptions, Verb } from './protocol.ts'

export class CommandProvisioner implements Provisioner {
  readonly #access: ServerAccess
  readonly #options: CommandOptions
  readonly #programs: AccountPrograms<Verb>

  constructor(access: ServerAccess, options: CommandOptions, deps: ProvisionerDeps) {
    this.#access = access
    this.#options = options
    this.#programs = new AccountPrograms(
      access,
      verb => options.verbs[verb] ?? options.program,
      options.seconds,
      deps,
    )
  }

  async check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]> {
    const lines: CheckLine[] = []
    for (const { asset, database, group } of databases) {
      const ended = await this.#programs.run('check', { database, group }, noPassword)
      const says = ended.says || ended.out.trim().split('\n').at(-1) || 'The program has said nothing.'
      lines.push({ level: ended.status === 0 ? 'ok' : 'failed', what: asset, says: says.slice(0, 300) })
    }
    return lines
  }

  async identify(): Promise<ServerIdentity> {
    if (this.#options.without.includes('identify')) return { primary: this.#access.host, standby: null }
    const [primary = '', standby] = (await this.#programs.done('identify', {}, noPassword)).out
      .trim()
      .split('\n')
    if (primary.trim() === '')
      throw new ProvisionerError('failed', 'The program has not said which system it is.')
    return { primary: primary.trim().slice(0, 200), standby: standby?.trim().slice(0, 200) || null }
  }

  whoHas(name: string): Promise<'free' | Owner> {
    return this.#programs.whoHas(name)
  }

  async ensureAccount(account: Account, password: Secret): Promise<Position> {
    return position(await this.#programs.done('ensure', valuesOf(account), password))
  }

  async changePassword(account: Account, password: Secret): Promise<Position> {
    return position(await this.#programs.done('password', valuesOf(account), password))
  }

  async extend(account: Account): Promise<Position> {
    if (this.#options.without.includes('extend')) return null
    return position(await this.#programs.done('extend', valuesOf(account), noPassword))
  }

  /** What it has done is done when it ends: a program for a standby waits for it itself. */
  async hasReached(): Promise<boolean> {
    return true
  }

  async proves(account: Account, password: Secret): Promise<Proof> {
    return proofOf(await this.#programs.run('prove', valuesOf(account), password))
  }

  async lockAccount(account: Account): Promise<void> {
    await this.#programs.done('lock', valuesOf(account), noPassword, [statuses.missing])
  }

  async dropAccount(account: Account): Promise<Removal> {
    const { out } = await this.#programs.done('drop', valuesOf(account), noPassword, [statuses.missing])
    // Nothing is believed to be gone that can still be found.
    const owner = await this.whoHas(account.name)
    if (owner !== 'free' && (owner.mark === null || owner.mark === account.mark))
      throw new ProvisionerError('failed', `The program has ended, but ${account.name} is still there.`)
    return {
      notes: out
        .split('\n')
        .map(line => line.trim())
        .filter(Boolean)
        .slice(0, 20),
    }
  }

  /** A program that is still at it was started by a process that is gone, in a group of its own: it can't be known. */
  async endOwnWork(): Promise<void> {}

  listAccounts(): AsyncIterable<FoundAccount> {
    return this.#programs.listAccounts()
  }

  async adopt(name: string, mark: number): Promise<void> {
    if (this.#options.without.includes('adopt'))
      throw new ProvisionerError('failed', 'Its program can’t take accounts over.')
    await this.#programs.done('adopt', { name, mark: String(mark) }, noPassword)
  }

  async certificate(target: Target): Promise<ServerCertificate | null> {
    if (this.#options.without.includes('certificate')) return null
    const { out } = await this.#programs.done('certificate', { target }, noPassword)
    // Files of servers may hold more than that, such as the key.
    const blocks = out.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    try {
      const ends = blocks.map(block => new X509Certificate(block).validToDate.getTime())
      if (ends.length > 0) return { pem: `${blocks.join('\n')}\n`, expiresAt: new Date(Math.min(...ends)) }
    } catch {
      // Said below.
    }
    throw new ProvisionerError('untrusted', 'The program has given no certificate.')
  }

  async close(): Promise<void> {}
}

/** The first line it prints, where it prints one. */
const position = ({ out }: Ended): Position => out.trim().split('\n')[0]?.slice(0, 200) || null
