import path from 'node:path'
import { z } from 'zod'
import type { FieldErrors } from '../result.ts'
import { Secret } from '../secret.ts'
import { secretReference } from '../secret-reference.ts'
import type { StoreFacts, StoreKey } from './save-store.ts'
import type { StoreSettings } from './stores.ts'

const line = (max: number) =>
  z
    .string()
    .default('')
    .transform(text => text.trim())
    .pipe(
      z
        .string()
        .max(max, `Use at most ${max} characters.`)
        .refine(text => !/\p{Cc}/u.test(text), 'Use a single line.'),
    )
const orNull = (text: string) => (text === '' ? null : text)
const optional = (max: number) => line(max).transform(orNull)
const ticked = z
  .string()
  .optional()
  .transform(value => (value === 'yes' ? 1 : 0))
const numberOrNull = (most: number, words: string) =>
  line(20).transform((text, context) => {
    if (text === '') return null
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
    if (number >= 1 && number <= most) return number
    context.addIssue({ code: 'custom', message: words })
    return z.NEVER
  })

const Storage = z.object({
  enabled: ticked,
  kind: z.enum(['local', 's3'], 'Choose where it is kept.'),
  root: optional(1000).refine(
    root => root === null || (path.isAbsolute(root) && path.resolve(root) !== path.parse(root).root),
    'Use the whole path of a folder, such as /srv/files, or leave it empty.',
  ),
  bucket: optional(63).refine(
    bucket => bucket === null || /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(bucket),
    'Use the name of a bucket: letters, digits, dots and hyphens, 3 to 63 of them.',
  ),
  prefix: line(400)
    .transform(text => text.replace(/^\/+/, '').replace(/([^/])$/, '$1/'))
    .refine(
      text =>
        !text
          .split('/')
          .slice(0, -1)
          .some(part => ['', '.', '..'].includes(part)),
      'Use folders, such as 10000-DEV/files/.',
    ),
  region: optional(60).refine(
    region => region === null || /^[A-Za-z0-9-]+$/.test(region),
    'Use the name of a region, such as eu-central-1.',
  ),
  endpoint: optional(300).refine(
    address => address === null || isOrigin(address),
    'Use scheme and host, such as https://s3.example.com, or leave it empty.',
  ),
  path_style: ticked,
  access_key_id: optional(200),
  transfer: z.enum(['stream', 'presigned'], 'Choose how downloads are given.').default('stream'),
  retention_days: numberOrNull(
    36_500,
    'Use a whole number of days from 1 to 36500, or leave it empty for ever.',
  ),
  upload_limit_mib: numberOrNull(
    5_000_000,
    'Use a whole number of MiB from 1 to 5000000, or leave it empty.',
  ),
})

function isOrigin(address: string): boolean {
  const url = URL.parse(address)
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.origin === address.replace(/\/+$/, '').toLowerCase()
  )
}

type Values = Readonly<Record<string, string>>
export type ReadStorage = { ok: true; facts: StoreFacts; key: StoreKey } | { ok: false; errors: FieldErrors }

/** What was typed; of what belongs to the other kind of store nothing is kept. `password`: the secret access key. */
export function readStorage(values: Values, password: string | undefined): ReadStorage {
  const parsed = Storage.safeParse(values)
  const key = readKey(password ?? '', (values.credential ?? '').trim())
  const errors: Record<string, string> = {}
  if (!parsed.success)
    for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? '')] ??= issue.message
  if ('error' in key) errors.credential = key.error
  if (parsed.success && parsed.data.kind === 's3')
    for (const [name, words] of needed) if (parsed.data[name] === null) errors[name] = words
  if (!parsed.success || 'error' in key || Object.keys(errors).length > 0) return { ok: false, errors }
  return { ok: true, facts: ofItsKind(parsed.data), key }
}

const needed = [
  ['bucket', 'Type the name of the bucket.'],
  ['region', 'Type the region, such as eu-central-1; us-east-1 where the store knows none.'],
  ['access_key_id', 'Type the access key id.'],
] as const

const ofItsKind = ({ endpoint, ...facts }: z.infer<typeof Storage>): StoreFacts =>
  facts.kind === 'local'
    ? {
        ...facts,
        root: facts.root && path.resolve(facts.root),
        bucket: null,
        prefix: '',
        region: null,
        endpoint: null,
        path_style: 0,
        access_key_id: null,
        transfer: 'stream',
      }
    : { ...facts, root: null, endpoint: endpoint && new URL(endpoint).origin }

function readKey(password: string, reference: string): StoreKey | { error: string } {
  if (reference !== '' && password !== '')
    return { error: 'Type the secret access key or a reference to it, not both.' }
  if (password !== '') return { kind: 'given', secret: new Secret(password) }
  if (reference === '') return { kind: 'keep' }
  if (!secretReference.test(reference)) return { error: 'Use env:GATEHOUSE_SECRET_NAME or file:/path.' }
  return { kind: 'reference', reference }
}

/** The stored settings as the fields of the form; without the key. */
export const storageValues = (settings: StoreSettings): Values => ({
  version: String(settings.version),
  enabled: settings.enabled === 1 ? 'yes' : '',
  kind: settings.kind,
  root: settings.root ?? '',
  bucket: settings.bucket ?? '',
  prefix: settings.kind === 's3' ? settings.prefix : `${settings.asset_id}/${settings.store}/`,
  region: settings.region ?? '',
  endpoint: settings.endpoint ?? '',
  path_style: settings.path_style === 1 ? 'yes' : '',
  access_key_id: settings.access_key_id ?? '',
  credential: settings.credential ?? '',
  transfer: settings.transfer,
  retention_days: settings.retention_days === null ? '' : String(settings.retention_days),
  upload_limit_mib: settings.upload_limit_mib === null ? '' : String(settings.upload_limit_mib),
})
