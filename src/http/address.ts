import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import { createMiddleware } from 'hono/factory'
import type { AppEnv, Ctx } from './env.ts'

/** The client's address: of the connection, or what the outermost trusted proxy saw. */
export const clientAddress = createMiddleware<AppEnv>(async (c, next) => {
  c.set('address', behindProxies(c, c.get('deps').config.TRUST_PROXY))
  await next()
})

function behindProxies(c: Ctx, proxies: number): string {
  const peer = peerAddress(c)
  if (proxies === 0) return peer
  const seen = (c.req.header('x-forwarded-for') ?? '').split(',').map(entry => bare(entry.trim()))
  // Each proxy appends the peer it saw; what stands further left was written by the client.
  const claimed = seen.at(-Math.min(proxies, seen.length)) ?? ''
  return isIP(claimed) === 0 ? peer : claimed
}

/** Who holds the connection, whatever the headers claim. */
export function peerAddress(c: Ctx): string {
  // Requests made inside the process, as tests do, have no connection.
  const connected = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  return bare((connected && getConnInfo(c).remote.address) || '127.0.0.1')
}

/** Without port and brackets; IPv4 inside IPv6 as IPv4. */
const bare = (address: string) =>
  address
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '')
