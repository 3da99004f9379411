import { Events, type MutableResponse, type MutableToken, OAuth2Server } from 'oauth2-mock-server'
import type { Agent } from './agent.ts'
import type { ShownPage } from './shown-page.ts'

export const clientId = 'gatehouse'

/** A real OpenID Connect provider that approves everybody, and can be told to cheat. */
export interface TestProvider {
  issuer: string
  /** Claims of everybody who comes. */
  claims: Record<string, unknown>
  /** Applied to ID tokens before they are signed. */
  bend: (token: MutableToken) => void
  /** Replaces the signed ID token. */
  replace: (idToken: string) => string | Promise<string>
  /** Applied to the address that the browser is sent back to. */
  detour: (url: URL) => void
  close(): Promise<void>
}

export async function startProvider(): Promise<TestProvider> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  const provider: TestProvider = {
    issuer: server.issuer.url ?? '',
    ...honest(),
    close: () => server.stop(),
  }
  server.service.on(Events.BeforeTokenSigning, (token: MutableToken) => {
    Object.assign(token.payload, provider.claims)
    provider.bend(token)
  })
  server.service.on(Events.BeforeResponse, (response: MutableResponse) => {
    const { body } = response
    if (body !== '') body.id_token = provider.replace(String(body.id_token))
  })
  server.service.on(Events.BeforeAuthorizeRedirect, ({ url }: { url: URL }) => provider.detour(url))
  return provider
}

/** How it behaves when it does not cheat. */
export const honest = () => ({
  claims: { sub: 'subject-1', email: 'user01@example.com', email_verified: true } as Record<string, unknown>,
  bend: () => {},
  replace: (idToken: string) => idToken,
  detour: () => {},
})

/** From the button on the sign-in page to the provider: gives the path that the browser is sent back to. */
export async function visitProvider(agent: Agent, from: string): Promise<string> {
  const there = await agent.send('GET', from)
  const answer = await fetch(there.location ?? '', { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  return back.pathname + back.search
}

/** There and back again. */
export const throughProvider = async (agent: Agent, from: string): Promise<ShownPage> =>
  agent.get(await visitProvider(agent, from), { 'sec-fetch-site': 'cross-site' })
