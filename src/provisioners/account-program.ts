import { Secret } from '../secret.ts'
import { fillIn } from './argv-template.ts'
import { type Ended, runProgram } from './programs.ts'
import {
  type Account,
  type FoundAccount,
  type Owner,
  type Proof,
  type ProvisionerDeps,
  ProvisionerError,
  type ServerAccess,
} from './provisioner.ts'
import { readFound, readOwner } from './read-answers.ts'

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

/** For verbs that need none. */
export const noPassword = new Secret('')

type Values = Readonly<Record<string, string>>

/** The programs of a server for its accounts, a verb each, with the password and the admin's on standard input. */
export class AccountPrograms<Verb extends string> {
  readonly #access: ServerAccess
  readonly #argvOf: (verb: Verb | 'who' | 'list') => readonly string[]
  readonly #seconds: number
  readonly #environment: ProvisionerDeps['environment']

  constructor(
    access: ServerAccess,
    argvOf: (verb: Verb | 'who' | 'list') => readonly string[],
    seconds: number,
    { environment }: ProvisionerDeps,
  ) {
    this.#access = access
    this.#argvOf = argvOf
    this.#seconds = seconds
    this.#environment = environment
  }

  async whoHas(name: string): Promise<'free' | Owner> {
    return readOwner((await this.done('who', { name }, noPassword)).out)
  }

  async *listAccounts(): AsyncIterable<FoundAccount> {
    for (const line of (await this.done('list', {}, noPassword)).out.split('\n'))
      if (line.trim() !== '') yield readFound(line)
  }

  /** Runs a verb that has to succeed, or to end with one of these. */
  async done(
    verb: Verb | 'who' | 'list',
    values: Values,
    password: Secret,
    also: readonly number[] = [],
  ): Promise<Ended> {
    const ended = await this.run(verb, values, password)
    return ended.status === statuses.done || also.includes(ended.status) ? ended : failed(verb, ended)
  }

  async run(verb: Verb | 'who' | 'list', values: Values, password: Secret): Promise<Ended> {
    const { host, port, adminName, adminPassword, standby } = this.#access
    const at = values.target === 'standby' && standby ? standby : { host, port }
    return runProgram({
      argv: fillIn(this.#argvOf(verb), {
        ...values,
        verb,
        host: at.host,
        port: String(at.port),
        admin: adminName,
      }),
      input: `${password.expose()}\n${adminPassword.expose()}\n`,
      secrets: [password, adminPassword],
      environment: this.#environment,
      limit: this.#seconds * 1000,
    })
  }
}
