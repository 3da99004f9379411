import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { ProvisionerError, type ServerCertificate, type Target, type Trust } from './provisioner.ts'

/** What a server's certificate is believed by. */
export interface Believed {
  host: string
  /** PEM; with a pin it is the pinned certificate itself. */
  ca: string
  /** sha256 of the certificate, lower-case hex; null: the CA alone decides. */
  pin: string | null
}

/** What operators have stored for this server of the two. Throws `untrusted` where that is nothing. */
export function storedTrust(trust: Trust, target: Target): { ca: string } | { pin: string } {
  if (trust.ca !== null) return { ca: trust.ca }
  const pin = target === 'standby' ? trust.standbyPin : trust.pin
  if (pin !== null) return { pin: plainPin(pin) }
  throw new ProvisionerError(
    'untrusted',
    `No CA and no pin is stored for the ${target}: nobody can tell whether it is the right server.`,
  )
}

export const plainPin = (text: string) => text.replaceAll(':', '').trim().toLowerCase()

/** For node:tls and every driver that takes its options: verified, or no connection. */
export const secureOptions = ({ host, ca, pin }: Believed): tls.ConnectionOptions => ({
  ca,
  minVersion: 'TLSv1.2',
  rejectUnauthorized: true,
  // A pinned certificate is trusted itself, whoever has signed it.
  ...(pin !== null && { allowPartialTrustChain: true }),
  ...(isIP(host) === 0 && { servername: host }),
  checkServerIdentity: (_name, certificate) =>
    pin === null ? tls.checkServerIdentity(host, certificate) : whyNotPinned(certificate, pin),
})

const whyNotPinned = (certificate: tls.PeerCertificate, pin: string): Error | undefined =>
  plainPin(certificate.fingerprint256) === pin
    ? undefined
    : new ProvisionerError('untrusted', 'It shows a certificate that is not the pinned one.')

/** Begins TLS on a connection whose server has agreed to it, believing nothing yet: only to see what it shows. */
export function shownChain(socket: Duplex, host: string, limitMs: number): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect({
      socket,
      minVersion: 'TLSv1.2',
      // Nothing is sent over it; what it shows is verified below.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
    })
    const timer = setTimeout(() => secure.destroy(silent()), limitMs)
    // Stays: an error that comes after the first one would end the process.
    secure.on('error', reject)
    secure.once('close', () => {
      clearTimeout(timer)
      reject(new ProvisionerError('unreachable', 'The server closed the connection.'))
    })
    secure.once('secureConnect', () => {
      const chain = chainOf(secure)
      secure.destroy()
      if (chain.length === 0) reject(new ProvisionerError('untrusted', 'It shows no certificate.'))
      else resolve(chain)
    })
  })
}

const silent = () => new ProvisionerError('unreachable', 'The server does not answer.')

function chainOf(secure: tls.TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let one = secure.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate) {
    if (chain.some(other => other.fingerprint256 === one?.fingerprint256)) break
    chain.push(one)
  }
  return chain
}

/**
 * Whether the shown certificate is to be believed, and what believes it. Throws `untrusted` with the reason: signed by
 * somebody else, expired, for another name, not the pinned one.
 */
export function believe(
  chain: readonly X509Certificate[],
  stored: { ca: string } | { pin: string },
  host: string,
  now: Date,
): { believed: Believed; certificate: ServerCertificate } {
  const [leaf] = chain
  if (!leaf) throw new ProvisionerError('untrusted', 'It shows no certificate.')
  checkTimes(leaf, now)
  if ('pin' in stored) {
    if (plainPin(leaf.fingerprint256) !== stored.pin)
      throw new ProvisionerError(
        'untrusted',
        `${host} shows a certificate that is not the pinned one; its sha256 is ${plainPin(leaf.fingerprint256)}.`,
      )
    const pem = leaf.toString()
    return {
      believed: { host, ca: pem, pin: stored.pin },
      certificate: { pem, expiresAt: leaf.validToDate },
    }
  }
  if (!namesHost(leaf, host))
    throw new ProvisionerError(
      'untrusted',
      `The certificate that ${host} shows is for another name: ${namesOf(leaf)}.`,
    )
  const path = pathToCa(leaf, chain.slice(1), certificatesIn(stored.ca))
  if (path === null)
    throw new ProvisionerError(
      'untrusted',
      `The certificate that ${host} shows is not signed by the stored CA.`,
    )
  for (const one of path) checkTimes(one, now)
  return {
    believed: { host, ca: stored.ca, pin: null },
    certificate: { pem: stored.ca.trim().concat('\n'), expiresAt: earliestEnd(path) },
  }
}

/** As the certificate has them, in short. */
const namesOf = ({ subjectAltName = '', subject }: X509Certificate) =>
  (subjectAltName.replaceAll(/(DNS|IP Address):/g, '') || subject)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .slice(0, 200)

const namesHost = (leaf: X509Certificate, host: string) =>
  (isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host)) !== undefined

function checkTimes(certificate: X509Certificate, now: Date): void {
  if (certificate.validToDate < now)
    throw new ProvisionerError(
      'untrusted',
      `A certificate of its chain has expired on ${certificate.validToDate.toISOString().slice(0, 10)}.`,
    )
  if (certificate.validFromDate > now)
    throw new ProvisionerError('untrusted', 'A certificate of its chain is not valid yet.')
}

const earliestEnd = (path: readonly X509Certificate[]): Date =>
  new Date(Math.min(...path.map(one => one.validToDate.getTime())))

/** From the leaf to a stored CA, over what the server shows and what is stored. Null: there is no way. */
function pathToCa(
  leaf: X509Certificate,
  shown: readonly X509Certificate[],
  stored: readonly X509Certificate[],
  path: readonly X509Certificate[] = [leaf],
): X509Certificate[] | null {
  if (path.length > 8) return null
  for (const ca of stored) if (signs(ca, leaf)) return [...path, ca]
  for (const between of shown) {
    if (path.includes(between) || !signs(between, leaf)) continue
    const found = pathToCa(between, shown, stored, [...path, between])
    if (found) return found
  }
  return null
}

const signs = (ca: X509Certificate, certificate: X509Certificate) =>
  ca.ca && certificate.checkIssued(ca) && certificate.verify(ca.publicKey)

/** All certificates of a PEM file. Throws `untrusted` if it holds none. */
export function certificatesIn(pem: string): X509Certificate[] {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    const found = parts.map(part => new X509Certificate(part))
    if (found.length > 0) return found
  } catch {
    // Said below.
  }
  throw new ProvisionerError('untrusted', 'The stored CA can’t be read.')
}

export const sendsTooMuch = (where: string) =>
  new ProvisionerError('failed', `${where}: the server sends more than it was asked for.`)

const tlsCodes =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|INVALID_CA|PATH_LENGTH)/

/** Whether a connection failed because the server was not believed. */
export const isTlsError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && tlsCodes.test(error.code)

/** OpenSSL's own words name threads and source files; its reason is for people. */
export const tlsWords = (error: Error): string =>
  'library' in error && 'reason' in error
    ? `TLS can’t be begun with what answers there: ${error.reason}. Is it the right port?`
    : error.message

export const isNetworkError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^(ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_|EPIPE|ENETDOWN)/.test(error.code)
