import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { type Clock, instant } from '../clock.ts'
import type { Secret } from '../secret.ts'
import { anyBytes, harmlessType } from './content-type.ts'
import {
  type ByteRange,
  type DescribedEntry,
  type Entry,
  type NewObject,
  type ObjectStore,
  type OldObject,
  type OpenObject,
  StoreError,
} from './object-store.ts'
import { asS3StoreError, attempt, connect, isMissing, type Patience, s3, usualPatience } from './s3-client.ts'
import { type Asked, decoded, entriesOf, listed } from './s3-listing.ts'
import { isCalledSo, leadsUpwards } from './s3-upwards.ts'

/** A bucket, and the part of it that belongs to the store. */
export interface Bucket {
  /** null: the region's own. */
  endpoint: string | null
  region: string
  bucket: string
  /** '' or with a slash at its end. */
  prefix: string
  pathStyle: boolean
  accessKeyId: string
  secret: Secret
}

/** Objects behind the S3 interface, of whoever offers it. */
export const s3Store = (bucket: Bucket, clock: Clock, patience: Patience = usualPatience): ObjectStore =>
  new S3Store(bucket, clock, patience)

/** Parts of an upload, of which this many are under way at a time: what an upload takes of memory. */
const partBytes = 8 * 1024 * 1024
const partsAtOnce = 3
const mostParts = 10_000
/** Addresses given away are good for so many seconds. */
const addressSeconds = 60
const askedAtOnce = 8

class S3Store implements ObjectStore {
  readonly inOrder = true
  readonly #bucket: Bucket
  readonly #clock: Clock
  readonly #patience: Patience
  #opened: S3Client | undefined
  constructor(bucket: Bucket, clock: Clock, patience: Patience) {
    this.#bucket = bucket
    this.#clock = clock
    this.#patience = patience
  }

  async *entries(folder: string, { after }: { after: string | null }): AsyncGenerator<Entry> {
    if (!(await this.#isOurs(folder))) return
    const base = this.#key(folder)
    for await (const page of this.#pages({
      Prefix: base,
      Delimiter: '/',
      // Whatever stands in the folder that was shown last is part of it.
      StartAfter: after?.endsWith('/') ? `${this.#key(after)}\u{10FFFF}` : after && this.#key(after),
    }))
      for (const entry of entriesOf(page)) {
        const key = entry.key.slice(this.#bucket.prefix.length)
        if (key !== folder) yield { ...entry, key }
      }
  }

  /** Asked one by one, because a listing has no types. */
  async describe(entries: readonly Entry[]): Promise<DescribedEntry[]> {
    const described: DescribedEntry[] = []
    for (let at = 0; at < entries.length; at += askedAtOnce)
      described.push(
        ...(await Promise.all(entries.slice(at, at + askedAtOnce).map(entry => this.#described(entry)))),
      )
    return described
  }

  async #described(entry: Entry): Promise<DescribedEntry> {
    if (entry.kind === 'folder') return { ...entry, type: null }
    const head = await this.#head(entry.key)
    return { ...entry, type: head ? harmlessType(head.ContentType) : null }
  }

  async open(key: string): Promise<OpenObject | null> {
    if (key === '' || key.endsWith('/')) return null
    const head = await this.#head(key)
    if (!head) return null
    const size = head.ContentLength ?? 0
    return {
      size,
      modified: instant(head.LastModified ?? this.#clock.now()),
      type: harmlessType(head.ContentType),
      etag: (head.ETag ?? '').replaceAll('"', ''),
      read: range => this.#read(key, head.ETag, size, range),
      close: async () => {},
    }
  }

  /** The very object whose size was told, or none. */
  async #read(key: string, etag: string | undefined, size: number, range?: ByteRange): Promise<Readable> {
    if (size === 0) return Readable.from([])
    const { GetObjectCommand, client } = await this.#client()
    const answer = await attempt(() =>
      client.send(
        new GetObjectCommand({
          ...this.#at(key),
          IfMatch: etag,
          Range: range && `bytes=${range.first}-${range.last}`,
        }),
      ),
    )
    if (answer.Body instanceof Readable) return answer.Body
    throw new StoreError('failed', 'The store answered without the content.')
  }

  /** An object of that key, or anything below it. */
  async isTaken(key: string): Promise<boolean> {
    if (!key.endsWith('/') && (await this.#head(key))) return true
    const folder = key.endsWith('/') ? key : `${key}/`
    if (!(await this.#isOurs(folder))) return false
    for await (const page of this.#pages({ Prefix: this.#key(folder), MaxKeys: 1 }))
      return (page.Contents?.length ?? 0) > 0
    return false
  }

  async write(key: string, content: Readable, about: NewObject): Promise<void> {
    expectDownwards(key)
    const [{ client }, { Upload }] = await Promise.all([this.#client(), import('@aws-sdk/lib-storage')])
    const upload = new Upload({
      client,
      params: { ...this.#at(key), Body: content, ContentType: about.type, IfNoneMatch: '*' },
      partSize: Math.max(partBytes, Math.ceil(about.largest / (mostParts - 1))),
      queueSize: partsAtOnce,
      // Broken off, it leaves no parts behind.
      leavePartsOnError: false,
    })
    try {
      await attempt(() => upload.done())
    } finally {
      content.destroy()
    }
  }

  /** Folders are the parts of keys; an empty one is an object without content. */
  async makeFolder(key: string): Promise<void> {
    expectDownwards(key)
    if (await this.isTaken(key)) throw new StoreError('taken', 'That name is taken.')
    const { PutObjectCommand, client } = await this.#client()
    await attempt(() =>
      client.send(
        new PutObjectCommand({
          ...this.#at(key),
          Body: '',
          ContentLength: 0,
          ContentType: anyBytes,
          IfNoneMatch: '*',
        }),
      ),
    )
  }

  async remove(key: string, before?: Date): Promise<void> {
    if (!(await this.#isOurs(key))) return
    if (before && ((await this.#head(key))?.LastModified ?? before) >= before) return
    const { DeleteObjectCommand, client } = await this.#client()
    await attempt(() => client.send(new DeleteObjectCommand(this.#at(key))))
  }

  exists = async () => true

  async *olderThan(time: Date): AsyncGenerator<OldObject> {
    for await (const page of this.#pages({ Prefix: this.#bucket.prefix }))
      for (const { Key, Size, LastModified } of page.Contents ?? [])
        if (Key !== undefined && LastModified !== undefined && LastModified < time)
          yield { key: decoded(page, Key).slice(this.#bucket.prefix.length), size: Size ?? 0 }
  }

  async tidy(before: Date): Promise<void> {
    const { AbortMultipartUploadCommand, ListMultipartUploadsCommand, client } = await this.#client()
    const { bucket: Bucket, prefix: Prefix } = this.#bucket
    const { Uploads = [] } = await attempt(() =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix })),
    )
    for (const { Key, UploadId, Initiated } of Uploads)
      if (Key !== undefined && UploadId !== undefined && Initiated !== undefined && Initiated < before)
        await attempt(() => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })))
  }

  /** Browsers and proxies take dots out of addresses, which would then lead elsewhere: such keys go through the portal. */
  async addressOf(key: string, as: { type: string; disposition: string }): Promise<string | null> {
    if (
      this.#key(key)
        .split('/')
        .some(part => ['', '.', '..'].includes(part))
    )
      return null
    const { GetObjectCommand, client } = await this.#client()
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
    const get = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentType: as.type,
      ResponseContentDisposition: as.disposition,
      ResponseCacheControl: 'no-store',
    })
    return getSignedUrl(client, get, { expiresIn: addressSeconds })
  }

  close(): void {
    this.#opened?.destroy()
  }

  /** It leads nowhere else: what other programs have called so is had as well. */
  #isOurs = async (key: string) =>
    !leadsUpwards(key) || isCalledSo(this.#bucket.prefix, key, asked => this.#pages(asked))

  #key = (key: string) => `${this.#bucket.prefix}${key}`
  #at = (key: string) => ({ Bucket: this.#bucket.bucket, Key: this.#key(key) })

  async #client() {
    const library = await s3()
    this.#opened ??= connect(library, this.#bucket, this.#patience)
    return { ...library, client: this.#opened }
  }

  async *#pages(of: Asked) {
    const { client, ListObjectsV2Command } = await this.#client()
    yield* listed(of, asked =>
      client.send(new ListObjectsV2Command({ Bucket: this.#bucket.bucket, ...asked })),
    )
  }

  async #head(key: string) {
    if (!(await this.#isOurs(key))) return null
    const { HeadObjectCommand, client } = await this.#client()
    try {
      return await client.send(new HeadObjectCommand(this.#at(key)))
    } catch (error) {
      if (isMissing(error)) return null
      throw asS3StoreError(error)
    }
  }
}

function expectDownwards(key: string): void {
  if (leadsUpwards(key)) throw new StoreError('name', 'Nothing can be put there, because of its name.')
}
