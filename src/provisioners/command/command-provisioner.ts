import { X509Certificate } from 'node:crypto'
import { Secret } from '../../secret.ts'
import { failed, proofOf, statuses, valuesOf } from '../account-program.ts'
import { fillIn } from '../argv-template.ts'
import { type Ended, runProgram } from '../programs.ts'
import {
  type Account,
  type CheckedDatabase,
  type CheckLine,
  type FoundAccount,
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
import { readFound, readOwner } from './read-answers.ts'

const none = new Secret('')

export class CommandProvisioner implements Provisioner {
  readonly #access: ServerAccess
  readonly #options: CommandOptions
  readonly #deps: ProvisionerDeps

  constructor(access: ServerAccess, options: CommandOptions, deps: ProvisionerDeps) {
    this.#access = access
    this.#options = options
    this.#deps = deps
  }

  async check(databases: readonly CheckedDatabase[]): Promise<readonly CheckLine[]> {
    const lines: CheckLine[] = []
    for (const { asset, database, group } of databases) {
      const ended = await this.#run('check', { database, group }, none)
      const says = ended.says || ended.out.trim().split('\n').at(-1) || 'The program has said nothing.'
      lines.push({ level: ended.status === 0 ? 'ok' : 'failed', what: asset, says: says.slice(0, 300) })
    }
    return lines
  }

  async identify(): Promise<ServerIdentity> {
    if (this.#options.without.includes('identify')) return { primary: this.#access.host, standby: null }
    const [primary = '', standby] = (await this.#done('identify', {}, none)).out.trim().split('\n')
    if (primary.trim() === '')
      throw new ProvisionerError('failed', 'The program has not said which system it is.')
    return { primary: primary.trim().slice(0, 200), standby: standby?.trim().slice(0, 200) || null }
  }

  async whoHas(name: string): Promise<'free' | { mark: number | null }> {
    return readOwner((await this.#done('who', { name }, none)).out)
  }

  async ensureAccount(account: Account, password: Secret): Promise<Position> {
    return position(await this.#done('ensure', valuesOf(account), password))
  }

  async changePassword(account: Account, password: Secret): Promise<Position> {
    return position(await this.#done('password', valuesOf(account), password))
  }

  async extend(account: Account): Promise<Position> {
    if (this.#options.without.includes('extend')) return null
    return position(await this.#done('extend', valuesOf(account), none))
  }

  /** What it has done is done when it ends: a program for a standby waits for it itself. */
  async hasReached(): Promise<boolean> {
    return true
  }

  async proves(account: Account, password: Secret): Promise<Proof> {
    return proofOf(await this.#run('prove', valuesOf(account), password))
  }

  async lockAccount(account: Account): Promise<void> {
    await this.#done('lock', valuesOf(account), none, [statuses.missing])
  }

  async dropAccount(account: Account): Promise<Removal> {
    const { out } = await this.#done('drop', valuesOf(account), none, [statuses.missing])
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

  async *listAccounts(): AsyncIterable<FoundAccount> {
    for (const line of (await this.#done('list', {}, none)).out.split('\n'))
      if (line.trim() !== '') yield readFound(line)
  }

  async adopt(name: string, mark: number): Promise<void> {
    if (this.#options.without.includes('adopt'))
      throw new ProvisionerError('failed', 'Its program can’t take accounts over.')
    await this.#done('adopt', { name, mark: String(mark) }, none)
  }

  async certificate(target: Target): Promise<ServerCertificate | null> {
    if (this.#options.without.includes('certificate')) return null
    const { out } = await this.#done('certificate', { target }, none)
    try {
      return { pem: out.trim(), expiresAt: new X509Certificate(out).validToDate }
    } catch {
      throw new ProvisionerError('untrusted', 'The program has given no certificate.')
    }
  }

  async close(): Promise<void> {}

  /** Runs a verb that has to succeed, or to end with one of these. */
  async #done(
    verb: Verb,
    values: Readonly<Record<string, string>>,
    password: Secret,
    also: readonly number[] = [],
  ): Promise<Ended> {
    const ended = await this.#run(verb, values, password)
    return ended.status === statuses.done || also.includes(ended.status) ? ended : failed(verb, ended)
  }

  async #run(verb: Verb, values: Readonly<Record<string, string>>, password: Secret): Promise<Ended> {
    const { host, port, adminName, adminPassword, standby } = this.#access
    const at = values.target === 'standby' && standby ? standby : { host, port }
    const argv = fillIn(this.#options.verbs[verb] ?? this.#options.program, {
      ...values,
      verb,
      host: at.host,
      port: String(at.port),
      admin: adminName,
    })
    return runProgram({
      argv,
      input: `${password.expose()}\n${adminPassword.expose()}\n`,
      secrets: [password, adminPassword],
      environment: this.#deps.environment,
      limit: this.#options.seconds * 1000,
    })
  }
}

/** The first line it prints, where it prints one. */
const position = ({ out }: Ended): Position => out.trim().split('\n')[0]?.slice(0, 200) || null
