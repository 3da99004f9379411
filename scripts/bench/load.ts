import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Load {
  url: string
  cookie?: string
  acceptEncoding?: string
  connections: number
  seconds: number
}

export interface Measured {
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Of one answer's body, as sent. */
  bytes: number
}

/**
 * Keep-alive connections that ask again as soon as they are answered. Reads just enough HTTP to know where an answer
 * ends: what asks must cost less than what is measured.
 */
export async function load({ url, cookie, acceptEncoding, connections, seconds }: Load): Promise<Measured> {
  const { hostname, port, pathname, search } = new URL(url)
  const head = [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    ...(acceptEncoding ? [`Accept-Encoding: ${acceptEncoding}`] : []),
  ]
  const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n`)
  const until = performance.now() + seconds * 1000
  const began = performance.now()
  const each = await Promise.all(
    Array.from({ length: connections }, () => ask(hostname, Number(port), request, until, url)),
  )
  const times = each.flatMap(one => one.times).sort((a, b) => a - b)
  return {
    perSecond: (times.length * 1000) / (performance.now() - began),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    bytes: each[0]?.bytes ?? 0,
  }
}

export const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN

export const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )

async function ask(host: string, port: number, request: Buffer, until: number, url: string) {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  const times: number[] = []
  let bytes = 0
  while (performance.now() < until) {
    const sent = performance.now()
    socket.write(request)
    const answer = await nextAnswer(socket)
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`)
    bytes = answer.bytes
    times.push(performance.now() - sent)
  }
  socket.destroy()
  return { times, bytes }
}

function nextAnswer(socket: Socket): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const heard = (chunk: Buffer) => {
      chunks.push(chunk)
      const answer = completeAnswer(chunks.length === 1 ? chunk : Buffer.concat(chunks))
      if (!answer) return
      stop()
      resolve(answer)
    }
    const failed = () => {
      stop()
      reject(new Error('The server closed the connection.'))
    }
    const stop = () => {
      socket.off('data', heard).off('close', failed).off('error', failed)
    }
    socket.on('data', heard).once('close', failed).once('error', failed)
  })
}

function completeAnswer(data: Buffer): { status: number; bytes: number } | undefined {
  const headEnd = data.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = data.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const body = data.length - headEnd - 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return body >= Number(length) ? { status, bytes: Number(length) } : undefined
  return data.subarray(-5).equals(lastChunk) ? { status, bytes: body } : undefined
}

const lastChunk = Buffer.from('0\r\n\r\n')
