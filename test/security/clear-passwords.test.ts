import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../../scripts/postgres/certificates.ts'
import { postgresql } from '../../src/provisioners/postgresql/postgresql.ts'
import type { Account, ServerAccess } from '../../src/provisioners/provisioner.ts'
import { Secret } from '../../src/secret.ts'
import { movableClock } from '../support/clock.ts'
import { quietLog } from '../support/quiet-log.ts'

const secret = 'the portal 4711'
const deps = { clock: movableClock(new Date().toISOString()), log: quietLog, environment: {} }

let authority: Awaited<ReturnType<typeof makeAuthority>>
let issued: { certificate: string; key: string }
beforeAll(async () => {
  authority = await makeAuthority('Test')
  issued = await authority.issue()
})

let server: Server | undefined
afterEach(() => {
  server?.close()
})

/** AuthenticationCleartextPassword, and AuthenticationMD5Password with a salt. */
const inClear = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])
const hashed = Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4])

/** A server with the right certificate, in the wrong hands; gives its port and all that it was told. */
async function evil(asks: readonly Buffer[]) {
  const told: Buffer[] = []
  server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write('S', () => speak(socket, told, [...asks])))
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    told: () => Buffer.concat(told).toString('latin1'),
  }
}

function speak(socket: Socket, told: Buffer[], asks: Buffer[]): void {
  const { key, certificate: cert } = issued
  const inside = new TLSSocket(socket, { isServer: true, key, cert })
  inside.on('error', () => {})
  inside.on('data', (chunk: Buffer) => {
    told.push(chunk)
    const next = asks.shift()
    if (next) inside.write(next)
  })
}

const access = (port: number): ServerAccess => ({
  name: 'main',
  host: '127.0.0.1',
  port,
  standby: null,
  adminName: 'gatehouse',
  adminPassword: new Secret(secret),
  trust: { ca: authority.certificate, pin: null, standbyPin: null },
  options: { connectSeconds: 2 },
})

const account: Account = {
  name: 'dbsrv_app',
  mark: 1,
  database: 'app',
  group: '10000_dev',
  owners: [],
  readOnly: false,
  target: 'primary',
  validUntil: null,
}

/** What a server is told at a sign-in is never the password itself, whatever it asks for. */
describe('A PostgreSQL that asks for the password in clear', () => {
  test.each([
    ['at once', [inClear]],
    ['after a hash of it', [hashed, inClear]],
  ])('does not get it, neither the portal’s nor that of an account: %s', async (_when, asks) => {
    const at = await evil(asks)
    const provisioner = postgresql.open(access(at.port), deps)
    for (const ask of [
      () => provisioner.whoHas('dbsrv_x'),
      () => provisioner.proves(account, new Secret('Zz9%^*_+aB3dE5gH7jK')),
    ])
      await expect(ask()).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining('password in clear'),
      })
    await provisioner.close()
    expect(at.told()).toContain('gatehouse')
    expect(at.told()).not.toMatch(/4711|Zz9%/)
  })
})
