import { connect as connectTcp, type Socket } from 'node:net'
import { type Connection, createConnection } from 'mariadb'
import type { Secret } from '../../secret.ts'
import { ProvisionerError, type ServerAccess, type ServerCertificate, type Target } from '../provisioner.ts'
import { ServerPair } from '../server-pair.ts'
import { type Believed, secureOptions, sendsTooMuch } from '../tls.ts'
import { asExpected } from './failure.ts'
import { shownBy } from './handshake.ts'

/** Milliseconds. A server that hangs is given up; what was sent may have been done. */
export interface Limits {
  connect: number
  /** All that is done on one connection. */
  work: number
  /** Seconds that a statement waits for a lock. */
  lockSeconds: number
}

/** A server may send so many bytes on one connection; its longest list has some millions. */
const mostBytes = 64 * 2 ** 20

const usual: Limits = { connect: 10_000, work: 75_000, lockSeconds: 10 }

export interface Login {
  user: string
  password: Secret
  /** Null: none. */
  database: string | null
}

/** The two servers of a pair, reached over TLS that was verified, or not at all. */
export class Connections {
  readonly #access: ServerAccess
  readonly #limits: Limits
  readonly #pair: ServerPair

  constructor(access: ServerAccess, now: () => Date, limits: Partial<Limits> = {}) {
    this.#access = access
    this.#limits = { ...usual, ...limits }
    const { connect } = this.#limits
    this.#pair = new ServerPair(access, {
      now,
      shown: ({ host, port }) => inTime(connect, () => shownBy(host, port, connect)),
      asExpected,
    })
  }

  get hasStandby(): boolean {
    return this.#access.standby !== null
  }

  get adminName(): string {
    return this.#access.adminName
  }

  /** "db.example.com:3306", for people. */
  where(target: Target): string {
    return this.#pair.where(target)
  }

  /** Runs `work` on a connection of the portal's own account. What it does on the standby stays there. */
  asAdmin<T>(target: Target, work: (client: Connection) => Promise<T>): Promise<T> {
    const { adminName: user, adminPassword: password } = this.#access
    return this.as(target, { user, password, database: null }, async client => {
      await client.query(
        `set session sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES', lock_wait_timeout = ${this.#limits.lockSeconds}, innodb_lock_wait_timeout = ${this.#limits.lockSeconds}`,
      )
      if (target === 'standby') await client.query('set session sql_log_bin = 0')
      return work(client)
    })
  }

  /** Runs `work` signed in as somebody; what can be expected to go wrong is a ProvisionerError. */
  async as<T>(target: Target, login: Login, work: (client: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.asRaw(target, login, work)
    } catch (error) {
      throw asExpected(error, this.where(target))
    }
  }

  /** The same with the server's own errors. */
  async asRaw<T>(target: Target, login: Login, work: (client: Connection) => Promise<T>): Promise<T> {
    const { believed } = await this.#pair.believe(target)
    const { host, port } = this.#pair.addressOf(target)
    const socket = connectTcp({ host, port, noDelay: true, keepAlive: true })
    // The driver listens too; but only until it has given up.
    socket.on('error', () => {})
    const bound = bounded(socket, () => sendsTooMuch(this.where(target)))
    try {
      const done = inTime(this.#limits.work, () => this.#signedIn(socket, believed, login, work))
      return await Promise.race([done, bound.broken])
    } finally {
      bound.end()
      socket.destroy()
    }
  }

  async #signedIn<T>(
    socket: Socket,
    believed: Believed,
    { user, password, database }: Login,
    work: (client: Connection) => Promise<T>,
  ): Promise<T> {
    const client = await createConnection({
      ...settings,
      user,
      password: password.expose(),
      ...(database !== null && { database }),
      connectTimeout: this.#limits.connect,
      ssl: secureOptions(believed),
      // A socket of ours can be destroyed; the driver would first sign in once more.
      stream: callback => callback(undefined, socket),
    })
    // Without a listener an error between two queries would end the process.
    client.on('error', () => {})
    const done = await work(client)
    await client.end().catch(() => {})
    return done
  }

  /** What clients need, as the server shows it now. */
  certificate(target: Target): Promise<ServerCertificate> {
    return this.#pair.certificate(target)
  }
}

const settings = {
  charset: 'utf8mb4',
  bigIntAsNumber: true,
  insertIdAsNumber: true,
  multipleStatements: false,
  // The server could send us, and the password, to another one.
  permitRedirect: false,
  permitLocalInfile: false,
  // Others, such as PAM’s, would have the password in clear from us.
  restrictedAuth: ['client_ed25519', 'parsec', 'mysql_native_password', 'caching_sha2_password'],
  connectAttributes: { program_name: 'gatehouse' },
}

/** Once it has signed in, the driver keeps whatever comes; TLS passes a listener of ours by. */
function bounded(socket: Socket, problem: () => ProvisionerError) {
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => {})
  const watch = setInterval(() => {
    if (socket.bytesRead > mostBytes) reject(problem())
  }, 100)
  return { broken, end: () => clearInterval(watch) }
}

/** A server that answers a byte at a time is given up as well. */
async function inTime<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ProvisionerError('unreachable', 'The server does not answer in time.')),
      limitMs,
    )
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
