import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Hono } from 'hono'
import { getMimeType } from 'hono/utils/mime'
import type { AppEnv, Ctx } from './env.ts'

type Bytes = Uint8Array<ArrayBuffer>

interface StaticFile {
  type: string
  /** As the build writes it into addresses. */
  hash: string
  plain: Bytes
  br?: Bytes
  gzip?: Bytes
}

/** Everything under a folder, held in memory: a few small files, compressed by the build. None when it is not there. */
export function staticFiles(folder: string): Hono<AppEnv> {
  const files = readFolder(folder)
  return new Hono<AppEnv>().get('/*', c => {
    const file = files.get(c.req.path.slice('/static/'.length))
    return file ? answer(c, file) : c.notFound()
  })
}

function answer(c: Ctx, file: StaticFile) {
  const etag = `"${file.hash}"`
  c.header('ETag', etag)
  c.header('Vary', 'Accept-Encoding')
  // An address with its content's hash never changes what it gives; one with another's hash must not stay.
  const exact = c.req.query('v') === file.hash
  c.header('Cache-Control', exact ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (c.req.header('if-none-match') === etag) return c.body(null, 304)
  const encoding = acceptedEncoding(c.req.header('accept-encoding') ?? '', file)
  if (encoding) c.header('Content-Encoding', encoding)
  c.header('Content-Type', file.type)
  return c.body((encoding && file[encoding]) ?? file.plain)
}

const acceptedEncoding = (accepted: string, file: StaticFile) =>
  (['br', 'gzip'] as const).find(
    name => file[name] && new RegExp(`(^|[\\s,])${name}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))\\b`).test(accepted),
  )

function readFolder(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
  return new Map(names.map(name => [name.split(path.sep).join('/'), readStatic(path.join(folder, name))]))
}

function readStatic(file: string): StaticFile {
  const plain = bytesOf(file)
  return {
    type: getMimeType(file) ?? 'application/octet-stream',
    hash: createHash('sha256').update(plain).digest('base64url').slice(0, 12),
    plain,
    br: existsSync(`${file}.br`) ? bytesOf(`${file}.br`) : undefined,
    gzip: existsSync(`${file}.gz`) ? bytesOf(`${file}.gz`) : undefined,
  }
}

const bytesOf = (file: string): Bytes => new Uint8Array(readFileSync(file))
