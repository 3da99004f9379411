import { X509Certificate } from 'node:crypto'

/** More than any chain of authorities has. */
export const longestCa = 64 * 1024
const mostCertificates = 20

/** A certificate authority that operators have stored. */
export interface Authority {
  /** Who it is, such as "CN=Example Root CA, O=Example". */
  subject: string
  /** sha256, as `openssl x509 -fingerprint -sha256` writes it. */
  fingerprint: string
  validFrom: Date
  validTo: Date
}

export type CaReading = { ok: true; pem: string; authorities: Authority[] } | { ok: false; message: string }

/** Reads what an operator has put in: one or more certificates of authorities in PEM, valid now. */
export function readCa(text: string, now: Date): CaReading {
  if (text.length > longestCa)
    return wrong('This is larger than 64 KiB. Put in only the certificates of the authorities.')
  if (text.includes('PRIVATE KEY'))
    return wrong('This holds a private key. Keep it secret, and put in only the certificate.')
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0)
    return wrong(
      'This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.',
    )
  if (blocks.length > mostCertificates)
    return wrong(`These are ${blocks.length} certificates. Put in at most ${mostCertificates}.`)
  return readAll(blocks, now)
}

/** What is stored, for being shown; certificates that can't be read (any more) are left out. */
export const authoritiesIn = (pem: string): Authority[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).flatMap(block => {
    const certificate = parsed(block)
    return certificate ? [authorityOf(certificate)] : []
  })

function readAll(blocks: readonly string[], now: Date): CaReading {
  const authorities: Authority[] = []
  for (const [i, block] of blocks.entries()) {
    const which = blocks.length === 1 ? 'The certificate' : `Certificate ${i + 1}`
    const certificate = parsed(block)
    if (!certificate) return wrong(`${which} is damaged and can’t be read. Copy it again, whole.`)
    const message = unfit(certificate, now)
    if (message) return wrong(`${which}, ${nameOf(certificate)}, ${message}`)
    authorities.push(authorityOf(certificate))
  }
  return { ok: true, pem: `${blocks.map(tidy).join('\n')}\n`, authorities }
}

function parsed(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block)
  } catch {
    return null
  }
}

function unfit(certificate: X509Certificate, now: Date): string | null {
  const { validFrom, validTo, fingerprint } = authorityOf(certificate)
  if (!certificate.ca)
    return `is not that of an authority (CA:FALSE). To believe exactly this certificate, leave this field empty and give its fingerprint: ${fingerprint}`
  if (validTo <= now) return `has ended on ${dayOf(validTo)}. Put in the one that holds now.`
  if (validFrom > now) return `holds only from ${dayOf(validFrom)} on. Put in the one that holds now.`
  return null
}

const authorityOf = (certificate: X509Certificate): Authority => ({
  subject: nameOf(certificate),
  fingerprint: certificate.fingerprint256,
  validFrom: certificate.validFromDate,
  validTo: certificate.validToDate,
})

const nameOf = ({ subject }: X509Certificate): string =>
  subject === undefined || subject === '' ? 'without a name' : subject.split('\n').join(', ').slice(0, 200)

const dayOf = (date: Date) => date.toISOString().slice(0, 10)
const tidy = (block: string) => block.replace(/[ \t\r]+(?=\n)/g, '').replace(/\n{2,}/g, '\n')
const wrong = (message: string): CaReading => ({ ok: false, message })

/** sha256 of a certificate in hex, from what openssl or a browser shows; null: it is none. */
export function readPin(text: string): string | null {
  const hex = text
    .trim()
    .replace(/^sha-?256( fingerprint)?\s*[=:]\s*/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase()
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null
}

/** AB:CD:…, as openssl writes it. */
export const pinWords = (pin: string) => pin.toUpperCase().replace(/(..)(?=.)/g, '$1:')
