import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, type TcpNetConnectOpts } from 'node:net'
import { ProvisionerError } from '../provisioner.ts'
import { shownChain } from '../tls.ts'

/** SSLRequest: asks for TLS before anything else is said. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** The chain a server shows, before anything is believed or sent. All of it together takes no longer than the limit. */
export async function shownBy(
  server: TcpNetConnectOpts & { host: string },
  limitMs: number,
): Promise<X509Certificate[]> {
  const { host, port } = server
  const socket = connect(server)
  const timer = setTimeout(() => socket.destroy(silent()), limitMs)
  const gone = new Promise<never>((_, reject) => {
    // Stays: an error that comes after the first one would end the process.
    socket.on('error', reject)
    socket.once('close', () => reject(closed()))
  })
  gone.catch(() => {})
  try {
    await Promise.race([once(socket, 'connect'), gone])
    socket.write(sslRequest)
    const [answer] = (await Promise.race([once(socket, 'data'), gone])) as [Buffer]
    const said = answer.toString('latin1')
    if (said === 'N') throw new ProvisionerError('untrusted', `${host}:${port}: the server refuses TLS.`)
    if (said !== 'S')
      throw new ProvisionerError(
        'failed',
        `${host}:${port}: what answers there is no PostgreSQL. Is it the right port?`,
      )
    return await Promise.race([shownChain(socket, host, limitMs), gone])
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

const silent = () => new ProvisionerError('unreachable', 'The server does not answer.')
const closed = () => new ProvisionerError('unreachable', 'The server closed the connection.')
