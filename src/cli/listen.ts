import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { isUploadAddress } from '../http/upload.ts'
import { CommandError } from './command.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Listening {
  /** The one the system chose when PORT is 0. */
  port: number
  /** From now on requests are answered by this. */
  answerWith(handler: Handler): void
  /** Accepts nothing new, lets running requests end, cuts them after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/**
 * Takes the port before anything else is touched, so that a second start by mistake changes nothing.
 * Until the portal is ready it answers 503.
 */
export async function listen(
  config: Pick<Config, 'HOST' | 'PORT'>,
  patience = usualPatience,
): Promise<Listening> {
  let handler: Handler = notYet
  // Node's own limit for whole requests knows no difference between a form and a large file: see limitArrival.
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 0 }, (request, response) => {
    limitArrival(request, patience)
    handler(request, response)
  })
  // Longer than the 60 s after which reverse proxies give idle connections up.
  server.keepAliveTimeout = 65_000
  await bind(server, config)
  return {
    port: (server.address() as AddressInfo).port,
    answerWith: ready => {
      handler = ready
    },
    close: graceMs => close(server, graceMs),
  }
}

/** Milliseconds that are waited: for all of a form, and for the next piece of a file. */
export interface Patience {
  form: number
  silence: number
}

const usualPatience: Patience = { form: 120_000, silence: 120_000 }

/** Forms have their time to arrive; files as long as they keep coming. */
function limitArrival(request: IncomingMessage, patience: Patience): void {
  if (!('content-length' in request.headers || 'transfer-encoding' in request.headers)) return
  if (isUploadAddress(request.url ?? '')) {
    request.setTimeout(patience.silence, () => request.destroy())
    request.once('end', () => request.setTimeout(0))
    return
  }
  const late = setTimeout(() => request.destroy(), patience.form).unref()
  for (const event of ['end', 'close']) request.once(event, () => clearTimeout(late))
}

const notYet: Handler = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' })
  response.end('Gatehouse is starting. Try again in a moment.\n')
}

function bind(server: Server, { HOST: host, PORT: port }: Pick<Config, 'HOST' | 'PORT'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandError(unbindable(host, port, error.code ?? error.message))),
    )
    server.listen(port, host, resolve)
  })
}

function unbindable(host: string, port: number, code: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another program. Stop that program, or set PORT to another port.`
  if (code === 'EACCES')
    return `This user may not listen on port ${port}. Set PORT to 1024 or above, behind a reverse proxy if need be.`
  return `HOST is “${host}”, which is no address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for all.`
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  const done = new AbortController()
  const cut = wait(graceMs, undefined, { signal: done.signal }).then(
    () => server.closeAllConnections(),
    () => {},
  )
  await closed
  done.abort()
  await cut
}
