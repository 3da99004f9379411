import type { Secret } from './secret.ts'

/** An option is wrong; the message names it and says what is right. */
export class ConfigError extends Error {}

/** What is wrong with an option beyond its kind, found at the start instead of at first use. */
interface Checked {
  PUBLIC_URL: string | undefined
  DATABASE_URL: Secret | undefined
  SMTP_URL: Secret | undefined
  MAIL_FROM: string
  OIDC_ISSUER: string | undefined
  OIDC_CLIENT_ID: string | undefined
  OIDC_CLIENT_SECRET: Secret | undefined
  SUPPORT_CASE: string | undefined
}

export function assertUsable(raw: Checked) {
  if (raw.PUBLIC_URL) assertOrigin('PUBLIC_URL', raw.PUBLIC_URL)
  if (raw.DATABASE_URL) assertDatabase(raw.DATABASE_URL)
  if (raw.SMTP_URL) assertMailServer(raw.SMTP_URL)
  assertSender(raw.MAIL_FROM)
  assertProvider(raw)
  assertSupportCase(raw.SUPPORT_CASE)
}

/** Origins, separated by comma, as browsers send them. */
export const originsIn = (listed: string): string[] =>
  listed
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
    .map(one => assertOrigin('ALLOWED_ORIGINS', one).origin)

export const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127\./.test(host)

/** The portal's addresses begin at the root of its host. */
function assertOrigin(name: string, address: string): URL {
  const url = URL.parse(address)
  const more = url && (url.pathname !== '/' || url.search || url.hash || url.username || url.password)
  if (url && /^https?:$/.test(url.protocol) && !more) return url
  throw new ConfigError(
    `${name} holds “${address}”. Use scheme, host and, if need be, port alone, such as https://portal.example.com.`,
  )
}

/** The value is a secret, so the message does not repeat it. */
function assertDatabase(address: Secret) {
  const url = URL.parse(address.expose())
  if (url && /^postgres(ql)?:$/.test(url.protocol) && isDecodable(url.username + url.password)) return
  throw new ConfigError(
    'DATABASE_URL is not the address of a PostgreSQL database. Use postgres://user:password@host/database, or leave it out to use SQLite; signs such as @, / or % in the password are written as %40, %2F or %25.',
  )
}

function assertMailServer(address: Secret) {
  const url = URL.parse(address.expose())
  if (url?.hostname && /^smtps?:$/.test(url.protocol) && isDecodable(url.username + url.password)) return
  throw new ConfigError(
    'SMTP_URL is not the address of a mail server. Use smtp://user:password@host:587, or smtps:// for TLS from the start; signs such as @ or % in the password are written as %40 or %25.',
  )
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== null
  } catch {
    return false
  }
}

function assertSender(sender: string) {
  if (/^([^<>\r\n]*<)?[^\s<>@]+@[^\s<>@]+>?$/.test(sender)) return
  throw new ConfigError(
    `MAIL_FROM is “${sender}”. Use an e-mail address, or a name with one: Gatehouse <gatehouse@example.com>.`,
  )
}

function assertProvider({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: client,
  OIDC_CLIENT_SECRET: secret,
}: Checked) {
  if ((issuer === undefined) !== (client === undefined) || (secret !== undefined && issuer === undefined))
    throw new ConfigError(
      'Sign-in through a provider needs both OIDC_ISSUER and OIDC_CLIENT_ID. Set both, or none of the OIDC options.',
    )
  const url = URL.parse(issuer ?? '')
  if (url?.protocol === 'http:' && !isLoopback(url.hostname))
    throw new ConfigError(`OIDC_ISSUER is ${issuer}: keys would cross the network in clear. Use https.`)
}

function assertSupportCase(place: string | undefined) {
  if (place === undefined || /^mailto:[^\s@]+@|^https?:\/\/[^\s/]/.test(place)) return
  throw new ConfigError(
    `SUPPORT_CASE is “${place}”. Use mailto:help@example.com, or a page such as https://help.example.com/new.`,
  )
}
