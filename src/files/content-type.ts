import { fileTypeFromBuffer } from 'file-type'

/** As much of a file as is looked at to tell what it is. */
export const sampleBytes = 4100

export const anyBytes = 'application/octet-stream'

/** What the content is, whatever its name or its sender say. Text is text: what it is written in can't be told safely. */
export async function typeOfContent(sample: Uint8Array): Promise<string> {
  if (sample.length === 0) return anyBytes
  const found = await fileTypeFromBuffer(sample).catch(() => undefined)
  const type = harmlessType(found?.mime)
  return type === anyBytes && isText(sample) ? 'text/plain' : type
}

function isText(sample: Uint8Array): boolean {
  if (sample.includes(0)) return false
  try {
    // The sample may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}

/** What a browser would run if it were shown: it is given as mere bytes. */
const active = /^text\/(?!plain$|csv$)|^multipart\/|[/+]xml$|html|svg|(java|ecma)script|wasm|shockwave/

/** A type as it may be sent: a plain one, and none that a browser runs. */
export const harmlessType = (type: string | undefined): string => {
  const bare = (type ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}$/.test(bare)) return anyBytes
  return active.test(bare) ? anyBytes : bare
}

/**
 * What to tell of a file that is not what its sender says; null: nothing. Kinds that are written in one another (a
 * document in a ZIP archive, a table in text) are no mismatch.
 */
export function mismatch(declared: string, found: string): string | null {
  const said = declared.split(';')[0]?.trim().toLowerCase() ?? ''
  if (said === '' || said === anyBytes || familyOf(said) === familyOf(found)) return null
  // What some systems call every table.
  if (said === 'application/vnd.ms-excel' && found === 'text/plain') return null
  return `It was sent as ${said}, but its content is ${found === anyBytes ? 'something else' : found}; it is kept as that.`
}

const families: readonly (readonly [RegExp, string])[] = [
  [
    /[/+-]zip|openxmlformats|opendocument|java-archive|vnd\.android|epub|x-xpinstall|ms-(word|excel|powerpoint).*(macro|template)|ms-(word|excel|powerpoint).*12$/,
    'zip',
  ],
  [/gzip|x-tgz|compressed-tar|x-compress|bzip|x-xz|zstd|x-tar$|x-7z/, 'archive'],
  [/x-cfb|msword|ms-excel|ms-powerpoint|ms-outlook|x-msi|ms-project|visio/, 'office'],
  [/x-msdownload|portable-executable|x-dosexec|x-ms-dos-executable/, 'program'],
  [/^image\/(x-icon|vnd\.microsoft\.icon)/, 'icon'],
  [/^image\/(heic|heif|avif)/, 'heif'],
  [/^(audio|video)\//, 'media'],
  [/certificate|x-x509|pkcs|pgp|pem/, 'key'],
  [
    /^text\/|json|xml|svg|javascript|ecmascript|yaml|sql|x-sh$|x-(httpd-)?php|x-perl|x-python|toml|csv/,
    'text',
  ],
]

const familyOf = (type: string) => families.find(([pattern]) => pattern.test(type))?.[1] ?? type
