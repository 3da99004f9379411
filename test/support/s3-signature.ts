import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'

/** What somebody has asked, after its signature was found right and its content is what was signed. */
export interface Asked {
  method: string
  /** Decoded; nothing in it was resolved. */
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: Buffer
}

interface Keys {
  region: string
  accessKeyId: string
  secretAccessKey: string
  signedBy: () => Date
}

export class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

export const refusal = ({ code }: Refused) => `<Error><Code>${code}</Code><Message>${code}</Message></Error>`

/** Clocks may differ by so much. */
const skewMs = 15 * 60_000

export async function readAsked(keys: Keys, request: IncomingMessage): Promise<Asked> {
  const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  const body = await bodyOf(request)
  const asked = { method: request.method ?? '', path: decodeURIComponent(path), query, headers, body }
  if (query.has('X-Amz-Signature')) await checkAddress(keys, path, asked)
  else await checkHeaders(keys, path, asked)
  return asked
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function checkHeaders(keys: Keys, path: string, asked: Asked) {
  const [, id, day, region, names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      asked.headers.authorization ?? '',
    ) ?? []
  if (id === undefined) throw new Refused(403, 'AccessDenied')
  const date = dateOf(asked.headers['x-amz-date'] ?? '')
  if (id !== keys.accessKeyId) throw new Refused(403, 'InvalidAccessKeyId')
  if (region !== keys.region || !asked.headers['x-amz-date']?.startsWith(day ?? '-'))
    throw new Refused(403, 'AuthorizationHeaderMalformed')
  if (Math.abs(keys.signedBy().getTime() - date.getTime()) > skewMs)
    throw new Refused(403, 'RequestTimeTooSkewed')
  checkContent(asked)
  const signed = await signer(keys).sign(
    { ...requestOf(path, asked, names.split(';')), query: queryOf(asked.query) },
    { signingDate: date },
  )
  const right = /Signature=([0-9a-f]{64})/.exec(signed.headers.authorization ?? '')?.[1] ?? ''
  const theirs = /SignedHeaders=([^,]+)/.exec(signed.headers.authorization ?? '')?.[1]
  if (theirs !== names || !isSame(right, signature)) throw new Refused(403, 'SignatureDoesNotMatch')
}

/** An address that was signed beforehand, for a while. */
async function checkAddress(keys: Keys, path: string, asked: Asked) {
  const { query } = asked
  const [id, , region] = (query.get('X-Amz-Credential') ?? '').split('/')
  const date = dateOf(query.get('X-Amz-Date') ?? '')
  const expiresIn = Number(query.get('X-Amz-Expires'))
  if (id !== keys.accessKeyId || region !== keys.region) throw new Refused(403, 'InvalidAccessKeyId')
  const age = keys.signedBy().getTime() - date.getTime()
  if (age < -skewMs || age > expiresIn * 1000) throw new Refused(403, 'AccessDenied')
  const ours = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']
  const bare = new URLSearchParams([...query].filter(([name]) => !ours.includes(name.replace('X-Amz-', ''))))
  const request = requestOf(path, asked, (query.get('X-Amz-SignedHeaders') ?? '').split(';'))
  // The content of such a request is never signed.
  request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
  const signed = await signer(keys).presign(
    { ...request, query: queryOf(bare) },
    {
      signingDate: date,
      expiresIn,
      unhoistableHeaders: new Set(['x-amz-content-sha256']),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
    },
  )
  const right = String(signed.query?.['X-Amz-Signature'] ?? '')
  if (!isSame(right, query.get('X-Amz-Signature') ?? '')) throw new Refused(403, 'SignatureDoesNotMatch')
}

/** Frames around the content would have to be taken apart and checked: nobody is to rely on it here. */
function checkContent({ headers, body }: Asked) {
  const said = headers['x-amz-content-sha256'] ?? ''
  if (said.startsWith('STREAMING-') || headers['content-encoding'] === 'aws-chunked')
    throw new Refused(501, 'NotImplemented')
  if (said !== createHash('sha256').update(body).digest('hex'))
    throw new Refused(400, 'XAmzContentSHA256Mismatch')
}

const signer = ({ region, accessKeyId, secretAccessKey }: Keys) =>
  new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })

const requestOf = (path: string, asked: Asked, names: readonly string[]) => ({
  method: asked.method,
  protocol: 'http:',
  hostname: asked.headers.host?.split(':')[0] ?? '',
  path,
  headers: Object.fromEntries(names.map(name => [name, asked.headers[name] ?? ''])),
})

/** A name that stands there several times keeps all its values. */
const queryOf = (query: URLSearchParams) =>
  Object.fromEntries([...new Set(query.keys())].map(name => [name, query.getAll(name)]))

function dateOf(text: string): Date {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  if (y === undefined) throw new Refused(403, 'AccessDenied')
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
}

const isSame = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** What the signing library hashes with. */
class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.#hash.update(bytes(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset() {}
}

const bytes = (data: string | ArrayBuffer | ArrayBufferView): Buffer =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data)
