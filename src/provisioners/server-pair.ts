import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { ProvisionerError, type ServerAccess, type ServerCertificate, type Target } from './provisioner.ts'
import { type Believed, believe, storedTrust } from './tls.ts'

export interface ServerPlace {
  host: string
  port: number
}

interface Found {
  believed: Believed
  certificate: ServerCertificate
}

/** What an engine brings along: how its servers show their certificates, and what their errors mean. */
interface Manner {
  now(): Date
  shown(place: ServerPlace): Promise<X509Certificate[]>
  asExpected(error: unknown, where: string): unknown
}

/** Where the servers of a pair are, and what each was believed by: asked for once, before anything is sent. */
export class ServerPair {
  readonly #access: ServerAccess
  readonly #manner: Manner
  readonly #found = new Map<Target, Found>()

  constructor(access: ServerAccess, manner: Manner) {
    this.#access = access
    this.#manner = manner
  }

  addressOf(target: Target): ServerPlace {
    const { host, port, standby } = this.#access
    if (target === 'primary') return { host, port }
    if (standby) return standby
    throw new ProvisionerError('failed', `${this.#access.name} has no standby.`)
  }

  /** "db.example.com:5432", for people. */
  where(target: Target): string {
    const { host, port } = this.addressOf(target)
    return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
  }

  async believe(target: Target): Promise<Found> {
    const known = this.#found.get(target)
    if (known) return known
    const place = this.addressOf(target)
    const stored = storedTrust(this.#access.trust, target)
    try {
      const found = believe(await this.#manner.shown(place), stored, place.host, this.#manner.now())
      this.#found.set(target, found)
      return found
    } catch (error) {
      throw withPlace(this.#manner.asExpected(error, this.where(target)), this.where(target), place)
    }
  }

  /** As the server shows it now, whatever it has shown before. */
  async certificate(target: Target): Promise<ServerCertificate> {
    this.#found.delete(target)
    return (await this.believe(target)).certificate
  }
}

/** Of a pair it has to be told which of the two it was. */
const withPlace = (error: unknown, where: string, { host }: ServerPlace): unknown =>
  error instanceof ProvisionerError && !error.message.includes(host)
    ? new ProvisionerError(error.kind, `${where}: ${error.message}`)
    : error
