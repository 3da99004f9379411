import { Readable } from 'node:stream'
import type { Ctx } from './env.ts'

/**
 * Sends a text that is made while it is read, no faster than it is taken. When making it fails, the connection breaks
 * off: a download that looks whole is whole.
 */
export function textDownload(c: Ctx, parts: AsyncIterable<string>, name: string, type: string): Response {
  const bytes = Readable.toWeb(Readable.from(encoded(parts))) as ReadableStream<Uint8Array>
  return c.body(bytes, 200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}

async function* encoded(parts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const part of parts) yield encoder.encode(part)
}
