import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, expect, test } from 'vitest'
import { OpenIdProvider } from '../../src/auth/openid-provider.ts'
import { minutes } from '../../src/clock.ts'
import { movableClock } from '../support/clock.ts'

/** A provider that answers as the test says. */
let server: Server | undefined
afterEach(() => server?.close())

async function listen(listener: RequestListener): Promise<string> {
  const listening = createServer(listener)
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
}

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
})
const clock = movableClock()

test.each<[string, (issuer: string) => string, RegExp]>([
  ['another issuer’s document', () => JSON.stringify(metadataOf('https://other.example')), /calls itself/],
  ['a document without addresses', issuer => JSON.stringify({ issuer }), /something else than expected/],
  ['no document at all', () => '<html>', /could not be read/],
  [
    'a document without end',
    issuer => JSON.stringify({ ...metadataOf(issuer), x: 'x'.repeat(300_000) }),
    /more than/,
  ],
  [
    'a token endpoint in clear on the network',
    issuer => JSON.stringify({ ...metadataOf(issuer), token_endpoint: 'http://provider.example/token' }),
    /is not https/,
  ],
])('%s is refused', async (_what, answer, words) => {
  const issuer: string = await listen((_, response) => response.end(answer(issuer)))
  await expect(new OpenIdProvider(issuer, clock).metadata()).rejects.toThrow(words)
})

test('a document that leads elsewhere is not followed', async () => {
  const issuer = await listen((_, response) =>
    response.writeHead(302, { location: 'https://evil.example' }).end(),
  )
  await expect(new OpenIdProvider(issuer, clock).metadata()).rejects.toThrow(/could not be read/)
})

test('an issuer in clear on the network is never asked', async () => {
  await expect(new OpenIdProvider('http://provider.example', clock).metadata()).rejects.toThrow(
    /is not https/,
  )
})

test('a new key of the provider is fetched, but not for every forged token', async () => {
  const keys = await Promise.all(
    ['old', 'new'].map(async kid => ({ kid, ...(await generateKeyPair('ES256')) })),
  )
  let published = ['old']
  let asked = 0
  const issuer: string = await listen(async (request, response) => {
    if (request.url !== '/jwks') return response.end(JSON.stringify(metadataOf(issuer)))
    asked += 1
    const shown = keys.filter(key => published.includes(key.kid))
    const jwks = await Promise.all(
      shown.map(async key => ({ ...(await exportJWK(key.publicKey)), kid: key.kid })),
    )
    response.end(JSON.stringify({ keys: jwks }))
  })
  const tokenOf = async (kid: string) => {
    const key = keys.find(one => one.kid === kid) ?? (await generateKeyPair('ES256'))
    const now = Math.floor(clock.now().getTime() / 1000)
    return new SignJWT({ nonce: 'n' })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(issuer)
      .setAudience('client')
      .setSubject('s')
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(key.privateKey)
  }
  const provider = new OpenIdProvider(issuer, clock)
  const verify = async (kid: string) => provider.verify(await tokenOf(kid), 'client', 'n')

  expect((await verify('old')).sub).toBe('s')
  for (let i = 0; i < 5; i++) await expect(verify('forged')).rejects.toThrow(/not accepted/)
  expect(asked).toBe(1)
  published = ['old', 'new']
  clock.advance(minutes(1))
  expect((await verify('new')).sub).toBe('s')
  expect(asked).toBe(2)
})
