import {
  ArcticFetchError,
  CodeChallengeMethod,
  generateCodeVerifier,
  OAuth2Client,
  OAuth2RequestError,
} from 'arctic'
import type { JWTPayload } from 'jose'
import type { Deps } from '../deps.ts'
import { randomToken } from '../ids.ts'
import { paths } from '../paths.ts'
import { OpenIdProvider, ProviderError } from './openid-provider.ts'

/** What the browser brings back, sealed in a cookie, from the way to the provider. */
export interface OpenIdFlow {
  state: string
  nonce: string
  verifier: string
  returnTo: string
  startedAt: number
  /** Set to identify again in this session; else it is a sign-in. */
  session: string | null
}

export const flowLasts = 10 * 60

const providers = new WeakMap<object, OpenIdProvider>()

export const hasOpenId = ({ config }: Pick<Deps, 'config'>) =>
  config.OIDC_ISSUER !== undefined && config.OIDC_CLIENT_ID !== undefined

/** Where to send the browser, and what it must bring back. */
export async function startOpenId(
  deps: Deps,
  to: Pick<OpenIdFlow, 'returnTo' | 'session'>,
): Promise<{ url: URL; flow: OpenIdFlow }> {
  const { authorization_endpoint } = await providerOf(deps).metadata()
  const flow: OpenIdFlow = {
    ...to,
    state: randomToken(),
    nonce: randomToken(),
    verifier: generateCodeVerifier(),
    startedAt: deps.clock.now().getTime(),
  }
  const scopes = ['openid', 'email', 'profile']
  const url = clientOf(deps).createAuthorizationURLWithPKCE(
    authorization_endpoint,
    flow.state,
    CodeChallengeMethod.S256,
    flow.verifier,
    scopes,
  )
  url.searchParams.set('nonce', flow.nonce)
  if (flow.session !== null) {
    // A session that the provider still has proves nothing again.
    url.searchParams.set('prompt', 'login')
    url.searchParams.set('max_age', '0')
  }
  return { url, flow }
}

/** Exchanges the code and verifies the ID token. Throws a ProviderError for whatever is not right. */
export async function finishOpenId(
  deps: Deps,
  flow: OpenIdFlow,
  answer: URLSearchParams,
): Promise<JWTPayload> {
  const provider = providerOf(deps)
  const metadata = await provider.metadata()
  const age = deps.clock.now().getTime() - flow.startedAt
  if (age > flowLasts * 1000) throw new ProviderError('The sign-in took too long.')
  if (answer.get('state') !== flow.state) throw new ProviderError('The answer has another state.')
  const iss = answer.get('iss')
  if (iss === null ? metadata.authorization_response_iss_parameter_supported : iss !== provider.issuer)
    throw new ProviderError(`The answer came from ${iss ?? 'a provider that does not name itself'}.`)
  const code = answer.get('code')
  if (!code)
    throw new ProviderError(`The provider refused: ${answer.get('error')?.slice(0, 100) ?? 'no code'}`)
  const idToken = await exchange(deps, metadata.token_endpoint, code, flow.verifier)
  const claims = await provider.verify(idToken, clientId(deps), flow.nonce)
  if (flow.session !== null) assertJustProven(claims, flow.startedAt)
  return claims
}

/** arctic asks the token endpoint; whatever fails there fails this sign-in and nothing else. */
async function exchange(deps: Deps, endpoint: string, code: string, verifier: string): Promise<string> {
  try {
    const tokens = await within(10_000, clientOf(deps).validateAuthorizationCode(endpoint, code, verifier))
    return tokens.idToken()
  } catch (error) {
    const reason =
      error instanceof OAuth2RequestError ? error.code : error instanceof ArcticFetchError ? 'no answer' : ''
    throw new ProviderError(`The code could not be exchanged. ${reason}`, { cause: error })
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(milliseconds)
  return Promise.race([
    work,
    new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(late.reason))),
  ])
}

function assertJustProven(claims: JWTPayload, startedAt: number) {
  const provenAt = typeof claims.auth_time === 'number' ? claims.auth_time * 1000 : 0
  if (provenAt < startedAt - 60_000)
    throw new ProviderError('The provider did not ask again who it is (auth_time).')
}

function providerOf({ config, clock }: Pick<Deps, 'config' | 'clock'>): OpenIdProvider {
  const known = providers.get(config)
  if (known) return known
  const provider = new OpenIdProvider(config.OIDC_ISSUER ?? '', clock)
  providers.set(config, provider)
  return provider
}

const clientId = ({ config }: Pick<Deps, 'config'>) => config.OIDC_CLIENT_ID ?? ''

const clientOf = (deps: Pick<Deps, 'config'>) =>
  new OAuth2Client(
    clientId(deps),
    deps.config.OIDC_CLIENT_SECRET?.expose() ?? null,
    `${deps.config.PUBLIC_URL}${paths.signInOpenIdCallback()}`,
  )
