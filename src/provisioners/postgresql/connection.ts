import { isIP, Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Secret } from '../../secret.ts'
import { ProvisionerError, type ServerAccess, type ServerCertificate, type Target } from '../provisioner.ts'
import { ServerPair } from '../server-pair.ts'
import { certificatesIn, secureOptions, sendsTooMuch, storedTrust } from '../tls.ts'
import { asExpected, asRefused, sqlState } from './failure.ts'
import { type PostgresqlOptions, readOptions } from './options.ts'
import { shownBy } from './shown-certificate.ts'

/** Milliseconds. */
const limits = { lock: 10_000, beyondAnswer: 1_000, goodbye: 2_000 }

/** Bytes that a server may send: signing in takes a few hundred, and its longest lists some millions. */
const most = { signingIn: 2 ** 20, inAll: 64 * 2 ** 20 }

export interface Login {
  user: string
  password: Secret
  database: string
  /** Tells the portal's own work apart on the server. */
  application: string
}

/** The two servers of a pair, reached over TLS that was verified, or not at all. */
export class Connections {
  readonly options: PostgresqlOptions
  readonly #access: ServerAccess
  readonly #pair: ServerPair
  readonly #closing = new AbortController()

  constructor(access: ServerAccess, now: () => Date) {
    this.options = readOptions(access.options)
    this.#access = access
    this.#pair = new ServerPair(access, {
      now,
      shown: place => shownBy({ ...place, signal: this.#closing.signal }, this.options.connectSeconds * 1000),
      asExpected,
    })
  }

  get hasStandby(): boolean {
    return this.#access.standby !== null
  }

  /** "db.example.com:5432", for people. */
  where(target: Target): string {
    return this.#pair.where(target)
  }

  /** Runs `work` on a connection of the portal's own account. */
  asAdmin<T>(
    target: Target,
    work: (client: pg.Client) => Promise<T>,
    { database = this.options.database, application = 'gatehouse' } = {},
  ): Promise<T> {
    const { adminName: user, adminPassword: password } = this.#access
    return this.as(target, { user, password, database, application }, work)
  }

  get adminName(): string {
    return this.#access.adminName
  }

  /** Runs `work` signed in as somebody; what can be expected to go wrong is a ProvisionerError. */
  async as<T>(target: Target, login: Login, work: (client: pg.Client) => Promise<T>): Promise<T> {
    try {
      return await this.asRaw(target, login, work)
    } catch (error) {
      throw asExpected(error, this.where(target))
    }
  }

  /** The same with the server's own errors. */
  async asRaw<T>(target: Target, login: Login, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const { believed } = await this.#pair.believe(target)
    const socket = new Socket({ signal: this.#closing.signal })
    const client = new pg.Client({
      ...this.#pair.addressOf(target),
      ...configOf(login, this.options),
      ssl: secureOptions(believed),
      stream: () => socket,
    })
    client.connection.once('authenticationCleartextPassword', () =>
      client.connection.stream.destroy(askedInClear(this.where(target))),
    )
    // Without a listener an error between two queries would end the process.
    client.on('error', () => {})
    client.connection.once('sslconnect', () => this.#bound(client, target))
    try {
      await client.connect().catch(error => {
        throw sqlState(error) === null ? asRefused(error, this.where(target)) : error
      })
      return await work(client)
    } finally {
      await leave(client, socket)
    }
  }

  /** A server that sends without end, or one message without end, would fill the memory. */
  #bound(client: pg.Client, target: Target): void {
    const { stream } = client.connection
    let allowed = most.signingIn
    let sent = 0
    client.connection.once('readyForQuery', () => {
      allowed = most.inAll
    })
    stream.on('data', (chunk: Buffer) => {
      sent += chunk.length
      if (sent > allowed) stream.destroy(sendsTooMuch(this.where(target)))
    })
  }

  /** What clients need, as the server shows it now. */
  async certificate(target: Target): Promise<ServerCertificate> {
    const certificate = await this.#pair.certificate(target)
    const pinned = 'pin' in storedTrust(this.#access.trust, target)
    if (pinned) expectUsable(certificate, this.#pair.addressOf(target).host)
    return certificate
  }

  /** Whatever is under way ends at once. */
  close(): void {
    this.#closing.abort()
  }
}

/** A pinned certificate is believed whatever its name is and whoever has signed it; clients look at both. */
function expectUsable({ pem }: ServerCertificate, host: string): void {
  const [leaf] = certificatesIn(pem)
  if ((isIP(host) === 0 ? leaf?.checkHost(host) : leaf?.checkIP(host)) === undefined)
    throw new ProvisionerError(
      'untrusted',
      `${host} shows the pinned certificate, but it is for another name: clients could not verify it. Have one issued for ${host}, or enter the server by the name that it is for.`,
    )
  if (!leaf?.checkIssued(leaf))
    throw new ProvisionerError(
      'untrusted',
      `${host} shows the pinned certificate, but an authority has signed it: clients verify it by that one only. Store its CA in place of the pin.`,
    )
}

/** Of accounts with a verifier of SCRAM a server asks for a proof; in clear it would only learn what it must not have. */
const askedInClear = (where: string) =>
  new ProvisionerError(
    'denied',
    `${where}: the server asks for the password in clear, which it never gets. Have its pg_hba.conf say scram-sha-256.`,
  )

/** Says goodbye, but does not wait for long for a server that has stopped. */
async function leave(client: pg.Client, socket: Socket): Promise<void> {
  const late = new AbortController()
  const tooLong = wait(limits.goodbye, undefined, { signal: late.signal }).catch(() => {})
  await Promise.race([client.end().catch(() => {}), tooLong])
  late.abort()
  socket.destroy()
}

const configOf = (
  { user, password, database, application }: Login,
  { connectSeconds, answerSeconds }: PostgresqlOptions,
): pg.ClientConfig => ({
  user,
  // An empty one, given as text, would be looked for in the portal's own surroundings.
  password: () => password.expose(),
  database,
  application_name: application,
  options: settings,
  connectionTimeoutMillis: connectSeconds * 1000,
  query_timeout: answerSeconds * 1000 + limits.beyondAnswer,
  statement_timeout: answerSeconds * 1000,
  lock_timeout: Math.min(limits.lock, answerSeconds * 1000),
  keepAlive: true,
})

/**
 * What is committed is flushed, so that the flushed position covers it, and waits for no standby. Nothing that others
 * have made in their databases, or set for them, runs with the rights of the portal.
 */
const settings = [
  'synchronous_commit=local',
  'search_path=pg_catalog',
  'default_transaction_read_only=off',
  'default_transaction_isolation=read\\ committed',
]
  .map(setting => `-c ${setting}`)
  .join(' ')
