import type { Readable } from 'node:stream'
import type { Instant } from '../../db/schema.ts'

/**
 * Objects by key, such as `reports/june.pdf`. Folders are the parts of keys; the key of a folder ends with a slash, and
 * '' is the whole store. Keys may be anything that other programs have made: each kind of store sees to it that none
 * leads out of it. Every verb throws a StoreError for whatever can be expected of a disk or of another system.
 */
export interface ObjectStore {
  /** Whether `entries` come in the order of their keys, so that one may stop early. */
  readonly inOrder: boolean
  /** What stands directly in a folder, those at least that come after a key. With `facts`, size and time as well. */
  entries(folder: string, options: { after: string | null; facts: boolean }): AsyncIterable<Entry>
  /** The facts that entries lack, and their types. */
  describe(entries: readonly Entry[]): Promise<DescribedEntry[]>
  /** null: there is no such object. Close what is not read. */
  open(key: string): Promise<OpenObject | null>
  /** Whether an object or a folder has this key already. */
  isTaken(key: string): Promise<boolean>
  /** Puts all of it there or nothing, and never in place of another: then it throws `taken`. */
  write(key: string, content: Readable, about: NewObject): Promise<void>
  makeFolder(key: string): Promise<void>
  /** Succeeds when it is gone already. `before`: only what was last changed before it; what is newer stays. */
  remove(key: string, before?: Date): Promise<void>
  /** Whether anything was ever put there, as far as it can be told without asking for it. */
  exists(): Promise<boolean>
  /** Objects last changed before a time, and folders that are empty since; anywhere in the store, in any order. */
  olderThan(time: Date): AsyncIterable<OldObject>
  /** Takes away what uploads have left that were broken off before a time. */
  tidy(before: Date): Promise<void>
  /** An address that the object can be had from without the portal, for a minute; null: none, it goes through the portal. */
  addressOf(key: string, as: { type: string; disposition: string }): Promise<string | null>
  close(): void
}

export interface Entry {
  kind: 'object' | 'folder'
  /** Whole key. */
  key: string
  size: number | null
  modified: Instant | null
}

export interface DescribedEntry extends Entry {
  type: string | null
}

export interface OpenObject {
  size: number
  modified: Instant
  type: string
  /** Changes whenever the content does. */
  etag: string
  /** Both bounds are included. */
  read(range?: ByteRange): Promise<Readable>
  close(): Promise<void>
}

export interface ByteRange {
  first: number
  last: number
}

export interface NewObject {
  type: string
  /** Bytes, if its sender has said; at most so many. */
  expected: number | null
  /** No upload here is larger. */
  largest: number
}

export interface OldObject {
  key: string
  size: number
}

/** missing: no such folder. gone: the whole store is not there, or does not answer. */
export type StoreErrorKind = 'missing' | 'taken' | 'name' | 'full' | 'denied' | 'gone' | 'failed'

/** The message is for people: what happened and what to do, without secrets. */
export class StoreError extends Error {
  override name = 'StoreError'
  readonly kind: StoreErrorKind
  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
