import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { type Clock, minutes } from '../clock.ts'
import { isLoopback } from '../config.ts'

/** What we need of a provider's discovery document. */
const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
})
export type ProviderMetadata = z.infer<typeof metadataSchema>

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

/** The provider said something that we don't accept; the message is for the log. */
export class ProviderError extends Error {}

/** Signatures that only the provider can make; a shared secret or `none` would let others. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const limits = {
  bytes: 256 * 1024,
  milliseconds: 10_000,
  remembered: minutes(10),
  keysAtMostEvery: minutes(1),
}

interface Remembered<T> {
  value: T
  at: number
}

/** An OpenID Connect provider: its addresses and its keys, fetched within limits and remembered for a while. */
export class OpenIdProvider {
  readonly issuer: string
  readonly #clock: Clock
  #metadata: Remembered<ProviderMetadata> | undefined
  #keys: Remembered<JSONWebKeySet> | undefined
  constructor(issuer: string, clock: Clock) {
    this.issuer = issuer
    this.#clock = clock
  }

  async metadata(): Promise<ProviderMetadata> {
    if (this.#metadata && this.#age(this.#metadata) < limits.remembered) return this.#metadata.value
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const value = checked(metadataSchema, await fetchJson(url), url)
    if (value.issuer !== this.issuer)
      throw new ProviderError(`The provider calls itself ${value.issuer}, but OIDC_ISSUER is ${this.issuer}.`)
    for (const endpoint of [value.authorization_endpoint, value.token_endpoint, value.jwks_uri])
      assertPrivate(endpoint)
    this.#metadata = { value, at: this.#now() }
    return value
  }

  /** The claims of an ID token that the provider signed, for us, for this sign-in, and not too long ago. */
  async verify(idToken: string, clientId: string, nonce: string): Promise<JWTPayload> {
    const claims = await this.#verifySigned(idToken, clientId, await this.#keySet())
    if (claims.nonce !== nonce)
      throw new ProviderError('The ID token has another nonce: it is of another sign-in.')
    if (Array.isArray(claims.aud) && claims.aud.length > 1 && claims.azp !== clientId)
      throw new ProviderError('The ID token was issued to another client (azp).')
    return claims
  }

  async #verifySigned(idToken: string, clientId: string, keys: JSONWebKeySet): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
        issuer: this.issuer,
        audience: clientId,
        algorithms,
        currentDate: this.#clock.now(),
        clockTolerance: 60,
        requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
      })
      return payload
    } catch (error) {
      const fresh = error instanceof errors.JWKSNoMatchingKey ? await this.#fresherKeys(keys) : null
      if (fresh) return this.#verifySigned(idToken, clientId, fresh)
      throw new ProviderError(`The ID token was not accepted: ${(error as Error).message}`, { cause: error })
    }
  }

  async #keySet(): Promise<JSONWebKeySet> {
    if (this.#keys && this.#age(this.#keys) < limits.remembered) return this.#keys.value
    const { jwks_uri } = await this.metadata()
    const value = checked(keySetSchema, await fetchJson(jwks_uri), jwks_uri)
    this.#keys = { value, at: this.#now() }
    return value
  }

  /** Providers change keys; forged tokens must not make us ask all the time. */
  async #fresherKeys(tried: JSONWebKeySet): Promise<JSONWebKeySet | null> {
    if (this.#keys?.value === tried && this.#age(this.#keys) < limits.keysAtMostEvery) return null
    this.#keys = undefined
    return this.#keySet()
  }

  #now = () => this.#clock.now().getTime()
  #age = (remembered: Remembered<unknown>) => this.#now() - remembered.at
}

async function fetchJson(url: string): Promise<unknown> {
  assertPrivate(url)
  const signal = AbortSignal.timeout(limits.milliseconds)
  try {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
    if (!response.ok) throw new ProviderError(`${url} answered ${response.status}.`)
    return JSON.parse(await limitedText(response))
  } catch (error) {
    if (error instanceof ProviderError) throw error
    throw new ProviderError(`${url} could not be read: ${(error as Error).message}`, { cause: error })
  }
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > limits.bytes)
      throw new ProviderError(`${response.url} answered more than ${limits.bytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Keys and codes never cross a network in clear; on this machine there is none. */
function assertPrivate(address: string) {
  const url = new URL(address)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return
  throw new ProviderError(`${address} is not https.`)
}

function checked<T>(schema: z.ZodType<T>, value: unknown, url: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ProviderError(
    `${url} answered something else than expected: ${parsed.error.issues[0]?.path.join('.')}`,
  )
}
