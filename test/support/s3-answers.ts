import type { ServerResponse } from 'node:http'
import type { S3Object, S3Server } from './s3-server.ts'

type State = Pick<S3Server, 'bucket' | 'objects'>

/** In the order of bytes; keys with the delimiter after the prefix are folded into one, which counts as one. */
export function list(s3: State, query: URLSearchParams, response: ServerResponse) {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const keys = [...s3.objects.keys()]
    .filter(key => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const [contents, folders] = [[] as string[], [] as string[]]
  let last = ''
  let more = false
  for (const key of keys) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = end < 0 ? null : key.slice(0, end + 1)
    // A folder that the page before ended with.
    if (folder !== null && (folder === folders.at(-1) || after.startsWith(folder))) {
      last = key
      continue
    }
    if (contents.length + folders.length === most) {
      more = true
      break
    }
    last = key
    if (folder === null) contents.push(key)
    else folders.push(folder)
  }
  const shown = (key: string) =>
    query.get('encoding-type') === 'url'
      ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
      : key
  const body = [
    element('Name', s3.bucket),
    query.get('encoding-type') === 'url' ? element('EncodingType', 'url') : '',
    element('IsTruncated', String(more)),
    more ? element('NextContinuationToken', last) : '',
    ...contents.map(key => element('Contents', entry(s3, key, shown(key)))),
    ...folders.map(key => element('CommonPrefixes', element('Prefix', shown(key)))),
  ]
  xml(response, 200, element('ListBucketResult', body.join('')))
}

function entry(s3: State, key: string, shown: string) {
  const { content, modified, etag } = s3.objects.get(key) as S3Object
  return (
    element('Key', shown) +
    element('LastModified', modified.toISOString()) +
    element('ETag', etag) +
    element('Size', String(content.length))
  )
}

export const element = (name: string, content: string) =>
  `<${name}>${/^<[A-Z]/.test(content) ? content : escaped(content)}</${name}>`
const escaped = (text: string) => text.replace(/[&<>"\r\n]/g, character => `&#${character.charCodeAt(0)};`)

export function xml(response: ServerResponse, status: number, body: string) {
  response.writeHead(status, { 'Content-Type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${body}`)
}
