import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { HttpBindings } from '@hono/node-server'
import type { Ctx } from './env.ts'

/** The one file of a form, as it arrives. */
export interface ArrivingFile {
  field: string
  /** As its sender calls it, without folders. */
  name: string
  /** What its sender takes it for. */
  declared: string
  /** Fails when the sender breaks off; never ends before the file does. */
  content: Readable
}

export interface ArrivingForm {
  /** The fields before the file. */
  fields: ReadonlyMap<string, string>
  /** null: the form has none. */
  file: ArrivingFile | null
}

/** Where files are sent to. */
export const isUploadAddress = (url: string) => /^\/assets\/[^/?]+\/files\/upload(\?|$)/.test(url)

/** A form with a file: nothing of it was read yet. */
export const isUpload = (c: Ctx) =>
  /^multipart\/form-data\s*;/i.test(c.req.header('content-type') ?? '') && incomingOf(c) !== null

const limits = {
  fieldNameSize: 100,
  fieldSize: 8 * 1024,
  fields: 10,
  files: 1,
  parts: 11,
  headerPairs: 20,
  headerSize: 8 * 1024,
}

/** Reads a form up to its file, which is left to be read: nothing of it is kept in memory. */
export function arrivingForm(c: Ctx): Promise<ArrivingForm> {
  const incoming = bodyOf(c)
  const fields = new Map<string, string>()
  return new Promise((resolve, reject) => {
    let content: Readable | undefined
    const parser = new Busboy({ headers: incoming.headers as BusboyHeaders, limits })
    parser.on('field', (name, value) => fields.set(name, value))
    parser.on('file', (field, stream, name, _encoding, declared) => {
      content = stream
      // Whoever reads it hears of it; when nobody does any more, it must not end the process.
      stream.on('error', () => {})
      resolve({ fields: new Map(fields), file: { field, name: name ?? '', declared, content: stream } })
    })
    pipeline(incoming, parser).then(
      () => resolve({ fields, file: null }),
      error => {
        content?.destroy(error)
        reject(error)
      },
    )
  })
}

/** Bytes that are announced, the form's own included; null: not announced. */
export function announcedBytes(c: Ctx): number | null {
  const length = c.req.header('content-length') ?? ''
  return /^\d{1,15}$/.test(length) ? Number(length) : null
}

const lingerMs = 30_000

/**
 * An answer that is given before all of the form was read. Browsers take notice of it only if the connection stays
 * for a while, so the rest is read and thrown away: as much as comes in half a minute.
 */
export async function answerEarly(c: Ctx, given: Response | Promise<Response>): Promise<Response> {
  const answer = await given
  const incoming = bodyOf(c)
  if (incoming.readableEnded || incoming.destroyed) return answer
  const page = new Uint8Array(await answer.arrayBuffer())
  const headers = new Headers(answer.headers)
  headers.set('Content-Length', String(page.length))
  headers.set('Connection', 'close')
  // Compressed it would have another length.
  headers.set('Cache-Control', 'no-store, no-transform')
  return new Response(pageThenRest(page, drained(incoming)), { status: answer.status, headers })
}

const pageThenRest = (page: Uint8Array<ArrayBuffer>, rest: Promise<void>) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      if (page.length > 0) controller.enqueue(page)
      await rest
      controller.close()
    },
  })

async function drained(incoming: IncomingMessage): Promise<void> {
  const patience = new AbortController()
  incoming.unpipe()
  incoming.resume()
  await Promise.race([
    finished(incoming).catch(() => {}),
    wait(lingerMs, undefined, { signal: patience.signal, ref: false }).catch(() => {}),
  ])
  patience.abort()
}

/** The request as Node has it: read from here, nothing stands between disk and network. */
function incomingOf(c: Ctx): IncomingMessage | null {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  return (incoming as IncomingMessage | undefined) ?? null
}

function bodyOf(c: Ctx): IncomingMessage {
  const incoming = incomingOf(c)
  if (!incoming) throw new Error('A form with a file comes over a connection.')
  return incoming
}
