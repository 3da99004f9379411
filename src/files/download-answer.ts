import { Readable } from 'node:stream'
import type { Ctx } from '../http/env.ts'
import { messagePage, notFoundPage } from '../http/respond.ts'
import { downloadFile } from './download-file.ts'
import { withStoreTrouble } from './folder-answer.tsx'
import { attachment } from './names.ts'
import type { VisibleStore } from './rights.ts'

/**
 * Gives an object to be kept and never to be shown: whatever its content is, no browser runs it here. It breaks off
 * when something goes wrong, so that what looks whole is whole.
 */
export function downloadAnswer(c: Ctx, found: VisibleStore, key: string): Promise<Response> {
  const head = c.req.method === 'HEAD'
  const asked = { range: head ? undefined : c.req.header('range'), ifRange: c.req.header('if-range'), head }
  return withStoreTrouble(c, found, async () => {
    const download = await downloadFile(c.var.deps, c.var.actor, found, key, asked)
    switch (download.kind) {
      case 'none':
        return notFoundPage(
          c,
          'There is no such file any more. Somebody may have deleted it, or it was here long enough.',
        )
      case 'elsewhere':
        return c.redirect(download.address, 303)
      case 'beyond':
        c.header('Content-Range', `bytes */${download.size}`)
        return messagePage(c, 416, {
          title: 'This part does not exist',
          lines: ['The part of the file that was asked for begins after its end. Download the whole file.'],
        })
      case 'here':
        return hereAnswer(c, key, download)
    }
  })
}

type Here = Extract<Awaited<ReturnType<typeof downloadFile>>, { kind: 'here' }>

function hereAnswer(c: Ctx, key: string, { facts, part, content }: Here): Response {
  const { size, etag, modified, type } = facts
  const headers = {
    'Content-Type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    'Content-Length': String(part ? part.last - part.first + 1 : size),
    ...(part && { 'Content-Range': `bytes ${part.first}-${part.last}/${size}` }),
    'Content-Disposition': attachment(key),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Accept-Ranges': 'bytes',
    ETag: `"${etag}"`,
    'Last-Modified': new Date(modified).toUTCString(),
    // Compressed, its length and its parts would be others.
    'Cache-Control': 'no-store, no-transform',
  }
  if (!content) return c.body(null, 200, headers)
  return c.body(Readable.toWeb(content) as ReadableStream<Uint8Array>, part ? 206 : 200, headers)
}
