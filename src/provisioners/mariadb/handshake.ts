import type { X509Certificate } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { ProvisionerError } from '../provisioner.ts'
import { shownChain } from '../tls.ts'

/** The chain a server shows, before anything is believed or sent: MySQL's protocol up to the change to TLS. */
export async function shownBy(host: string, port: number, limitMs: number): Promise<X509Certificate[]> {
  const socket = await connected(host, port, limitMs)
  try {
    expectTls(await greeting(socket), `${host}:${port}`)
    socket.write(tlsRequest)
    return await shownChain(socket, host, limitMs)
  } finally {
    socket.destroy()
  }
}

/** A connection on its way: silence longer than the limit ends it. */
function connected(host: string, port: number, limitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port })
    socket.setTimeout(limitMs, () => socket.destroy(hangs()))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

const hangs = () => new ProvisionerError('unreachable', 'The server does not answer.')

/** Longer than any greeting: something else answers there. */
const longest = 4096

/** The payload of the server's first packet. */
function greeting(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    socket.once('error', reject)
    socket.once('close', () =>
      reject(new ProvisionerError('unreachable', 'The server closed the connection.')),
    )
    const more = (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      if (got.length < 4) return
      const length = got.readUIntLE(0, 3)
      if (length > longest) reject(notMariadb())
      else if (got.length < 4 + length) return
      socket.off('data', more)
      resolve(got.subarray(4, 4 + length))
    }
    socket.on('data', more)
  })
}

const tlsCapability = 0x0800

function expectTls(payload: Buffer, where: string): void {
  // Too many connections, or this host is blocked.
  if (payload[0] === 0xff)
    throw new ProvisionerError('unreachable', `${where}: the server turns the portal away.`)
  const versionEnd = payload.indexOf(0, 1)
  // Version, thread (4), the first part of a seed (8), a filler (1); then the lower half of what it can do.
  const at = versionEnd + 14
  if (payload[0] !== 10 || versionEnd < 0 || payload.length < at + 2) throw notMariadb()
  if ((payload.readUInt16LE(at) & tlsCapability) === 0)
    throw new ProvisionerError('untrusted', `${where}: the server refuses TLS.`)
}

const notMariadb = () => new ProvisionerError('failed', 'What answers there is neither MariaDB nor MySQL.')

const tlsRequest = request()

/** Protocol 4.1, TLS, its seeds and plugins; utf8mb4. */
function request(): Buffer {
  const packet = Buffer.alloc(36)
  packet.writeUIntLE(32, 0, 3)
  packet.writeUInt8(1, 3)
  packet.writeUInt32LE(0x0200 | tlsCapability | 0x8000 | 0x80000, 4)
  packet.writeUInt32LE(2 ** 24, 8)
  packet.writeUInt8(45, 12)
  return packet
}
