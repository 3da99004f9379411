import type { S3Client } from '@aws-sdk/client-s3'
import { StoreError } from './object-store.ts'
import type { Bucket } from './s3-store.ts'

type Library = typeof import('@aws-sdk/client-s3')

let loaded: Promise<Library> | undefined

/** The library is large and many portals need none of it: loaded when it is first used. */
export function s3(): Promise<Library> {
  loaded ??= import('@aws-sdk/client-s3')
  return loaded
}

/** How long a store is waited for, in milliseconds. */
export interface Patience {
  connect: number
  /** Without a byte from it, or to it. */
  silence: number
}

export const usualPatience: Patience = { connect: 5_000, silence: 15_000 }
const attempts = 2

/** A connection of one's own to a bucket. */
export const connect = ({ S3Client }: Library, bucket: Bucket, patience: Patience): S3Client =>
  new S3Client({
    endpoint: bucket.endpoint ?? undefined,
    region: bucket.region,
    forcePathStyle: bucket.pathStyle,
    credentials: { accessKeyId: bucket.accessKeyId, secretAccessKey: bucket.secret.expose() },
    // Others than the inventor's own store damage or refuse what has checksums in the middle.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: attempts,
    // The signature is for this region only.
    followRegionRedirects: false,
    requestHandler: { connectionTimeout: patience.connect, socketTimeout: patience.silence },
  })

interface Refusal {
  name: string
  message: string
  code?: string
  $metadata?: { httpStatusCode?: number }
}

const statusOf = (error: unknown) => (error as Refusal).$metadata?.httpStatusCode

/** No such object. A bucket that is missing is something else. */
export const isMissing = (error: unknown): boolean =>
  ['NotFound', 'NoSuchKey'].includes((error as Refusal).name)

/** What a store says, in words; what is not the store's stays as it is. */
export function asS3StoreError(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  const { name, code } = error as Refusal
  const status = statusOf(error)
  if (status === undefined)
    return isUnreachable(error)
      ? new StoreError('gone', `The object store does not answer (${code ?? name}). Try again later.`, {
          cause: error,
        })
      : error
  if (isMissing(error))
    return new StoreError('missing', 'There is no such object any more.', { cause: error })
  if (status === 412 || status === 409)
    return new StoreError('taken', 'That name is taken.', { cause: error })
  if (name === 'KeyTooLongError')
    return new StoreError('name', 'The name is too long to be stored. Shorten it and try again.', {
      cause: error,
    })
  const kind =
    status === 403 || status === 401 ? 'denied' : status === 507 ? 'full' : status >= 500 ? 'gone' : 'failed'
  return new StoreError(kind, `${sentences[kind]} (${name}, ${status}).`, { cause: error })
}

const sentences = {
  denied: 'The object store does not accept the portal’s key, or its key may not do this',
  full: 'There is no room left in the object store',
  gone: 'The object store has trouble of its own. Try again later',
  failed: 'The object store refused',
}

const isUnreachable = (error: Error) =>
  ['TimeoutError', 'AbortError', 'NetworkingError'].includes(error.name) ||
  /^(E[A-Z]+|ERR_SSL_.*|CERT_.*|UNABLE_TO_.*|DEPTH_ZERO.*|SELF_SIGNED.*)$/.test((error as Refusal).code ?? '')

/** Whatever goes wrong comes as a StoreError, if it is the store's. */
export async function attempt<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw asS3StoreError(error)
  }
}
