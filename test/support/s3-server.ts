import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { posix as path } from 'node:path'
import type { Bucket } from '../../src/files/s3-store.ts'
import { Secret } from '../../src/secret.ts'
import { element, list, xml } from './s3-answers.ts'
import { type Asked, Refused, readAsked, refusal } from './s3-signature.ts'

/**
 * A stand-in for an S3 server, for tests: objects in memory, one bucket, the calls that the portal makes. It is our own
 * because there is no trustworthy one to be had: those of npm accept a wrong secret, answer what is not signed, and
 * store the frames of streamed uploads as if they were content; Debian has none. This one works out every signature
 * anew with a maintained signing library, out of the request as it arrived, in headers and in addresses, and compares the hash of every content with what was signed. What it doesn't know it refuses.
 */
export interface S3Server {
  url: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  objects: Map<string, S3Object>
  /** Uploads in parts that were neither finished nor given up. */
  uploads: Map<string, S3Upload>
  /** "PUT /bucket/key" of everything that was asked, oldest first. */
  asked: string[]
  /** When objects are changed: the test's clock. */
  now: () => Date
  /** What signatures and addresses are compared with: they are made by the machine's clock. */
  signedBy: () => Date
  /** Checks what it is given and keeps nothing of it: for what is too large for the memory of a test. */
  forgetful: boolean
  /** Keeps objects as files would be kept: dots in keys lead to other folders, as on some servers. */
  folds: boolean
  /** Answers this instead, if it gives something: trouble of the server's own. */
  trouble: ((asked: Asked) => { status: number; code: string } | 'silence' | undefined) | undefined
  close(): Promise<void>
}

export interface S3Object {
  content: Buffer
  type: string
  modified: Date
  etag: string
}

export interface S3Upload {
  key: string
  type: string
  initiated: Date
  parts: Map<number, Buffer>
}

/** How a store of the portal gets at it. */
export const bucketOf = (s3: S3Server): Bucket => ({
  endpoint: s3.url,
  region: s3.region,
  bucket: s3.bucket,
  prefix: '10000-DEV/files/',
  pathStyle: true,
  accessKeyId: s3.accessKeyId,
  secret: new Secret(s3.secretAccessKey),
})

export async function startS3(): Promise<S3Server> {
  const s3: Omit<S3Server, 'url' | 'close'> = {
    bucket: 'portal-test',
    region: 'eu-test-1',
    accessKeyId: 'PORTALKEY',
    secretAccessKey: 'the secret of the tests',
    objects: new Map(),
    uploads: new Map(),
    asked: [],
    now: () => new Date(),
    signedBy: () => new Date(),
    forgetful: false,
    folds: false,
    trouble: undefined,
  }
  const server = createServer((request, response) => void answer(s3, request, response))
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return Object.assign(s3, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => stop(server),
  })
}

async function stop(server: Server) {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

type State = Omit<S3Server, 'url' | 'close'>

async function answer(s3: State, request: IncomingMessage, response: ServerResponse) {
  try {
    const asked = await readAsked(s3, request)
    s3.asked.push(`${asked.method} ${asked.path}`)
    const trouble = s3.trouble?.(asked)
    if (trouble === 'silence') return
    if (trouble) throw new Refused(trouble.status, trouble.code)
    await perform(s3, asked, response)
  } catch (error) {
    if (!(error instanceof Refused)) response.writeHead(500).end(String(error))
    else if (request.method === 'HEAD') response.writeHead(error.status).end()
    else xml(response, error.status, refusal(error))
  }
}

async function perform(s3: State, asked: Asked, response: ServerResponse) {
  const [, bucket = '', named = ''] = /^\/([^/]*)\/?([\s\S]*)$/.exec(asked.path) ?? []
  const key = s3.folds && named !== '' ? path.normalize(named) : named
  if (bucket !== s3.bucket) throw new Refused(404, 'NoSuchBucket')
  const { method, query } = asked
  if (key === '') {
    const prefix = query.get('prefix') ?? ''
    if (s3.folds && prefix !== '') query.set('prefix', path.normalize(prefix))
    if (method === 'GET' && query.get('list-type') === '2') return list(s3, query, response)
    if (method === 'GET' && query.has('uploads')) return listUploads(s3, query, response)
  } else if (query.has('uploads') || query.has('uploadId')) return inParts(s3, key, asked, response)
  else if (method === 'PUT') return put(s3, key, asked, response)
  else if (method === 'GET' || method === 'HEAD') return get(s3, key, asked, response)
  else if (method === 'DELETE') {
    s3.objects.delete(key)
    return void response.writeHead(204).end()
  }
  throw new Refused(501, 'NotImplemented')
}

function put(s3: State, key: string, asked: Asked, response: ServerResponse) {
  if (Buffer.byteLength(key) > 1024) throw new Refused(400, 'KeyTooLongError')
  const object = store(s3, key, asked.body, asked.headers['content-type'] ?? '', asked)
  response.writeHead(200, { ETag: `"${object.etag}"` }).end()
}

function store(s3: State, key: string, content: Buffer, type: string, asked: Asked): S3Object {
  if (asked.headers['if-none-match'] === '*' && s3.objects.has(key))
    throw new Refused(412, 'PreconditionFailed')
  const etag = createHash('md5').update(content).digest('hex')
  const object = { content, type: type || 'binary/octet-stream', modified: s3.now(), etag }
  s3.objects.set(key, object)
  return object
}

function get(s3: State, key: string, { method, headers, query }: Asked, response: ServerResponse) {
  const object = s3.objects.get(key)
  if (!object) throw new Refused(404, 'NoSuchKey')
  if (headers['if-match'] && headers['if-match'] !== `"${object.etag}"`)
    throw new Refused(412, 'PreconditionFailed')
  const { content, type, modified, etag } = object
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  const part = first === undefined ? content : content.subarray(Number(first), Number(last) + 1)
  response.writeHead(first === undefined ? 200 : 206, {
    'Content-Type': query.get('response-content-type') ?? type,
    'Content-Length': part.length,
    'Last-Modified': modified.toUTCString(),
    ETag: `"${etag}"`,
    ...(query.has('response-content-disposition') && {
      'Content-Disposition': query.get('response-content-disposition') ?? '',
    }),
  })
  response.end(method === 'HEAD' ? undefined : part)
}

function inParts(s3: State, key: string, asked: Asked, response: ServerResponse) {
  const { method, query } = asked
  if (method === 'POST' && query.has('uploads')) {
    const id = randomUUID()
    const type = asked.headers['content-type'] ?? ''
    s3.uploads.set(id, { key, type, initiated: s3.now(), parts: new Map() })
    return xml(response, 200, element('InitiateMultipartUploadResult', element('UploadId', id)))
  }
  const id = query.get('uploadId') ?? ''
  const upload = s3.uploads.get(id)
  if (upload?.key !== key) throw new Refused(404, 'NoSuchUpload')
  if (method === 'PUT') {
    upload.parts.set(Number(query.get('partNumber')), s3.forgetful ? Buffer.alloc(0) : asked.body)
    const etag = createHash('md5').update(asked.body).digest('hex')
    return void response.writeHead(200, { ETag: `"${etag}"` }).end()
  }
  if (method === 'DELETE') {
    s3.uploads.delete(id)
    return void response.writeHead(204).end()
  }
  const content = Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part))
  const { etag } = store(s3, key, content, upload.type, asked)
  s3.uploads.delete(id)
  xml(response, 200, element('CompleteMultipartUploadResult', element('ETag', etag)))
}

function listUploads(s3: State, query: URLSearchParams, response: ServerResponse) {
  const uploads = [...s3.uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''))
  const all = uploads.map(([id, { key, initiated }]) =>
    element(
      'Upload',
      element('Key', key) + element('UploadId', id) + element('Initiated', initiated.toISOString()),
    ),
  )
  xml(response, 200, element('ListMultipartUploadsResult', all.join('')))
}
