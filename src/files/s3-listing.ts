import type { _Object, ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { instant } from '../clock.ts'
import { compareKeys } from './key-order.ts'
import type { Entry } from './object-store.ts'
import { attempt } from './s3-client.ts'

/** What is listed; `StartAfter` null: from the beginning. */
export interface Asked {
  Prefix: string
  Delimiter?: string
  StartAfter?: string | null
  MaxKeys?: number
}

type Ask = (asked: Omit<ListObjectsV2CommandInput, 'Bucket'>) => Promise<ListObjectsV2CommandOutput>

/** Answer by answer, as far as they are wanted. */
export async function* listed(
  { StartAfter, ...of }: Asked,
  ask: Ask,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let ContinuationToken: string | undefined
  do {
    // A key may hold what XML can't.
    const asked = {
      ...of,
      StartAfter: StartAfter ?? undefined,
      ContinuationToken,
      EncodingType: 'url' as const,
    }
    const page = await attempt(() => ask(asked))
    yield page
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (ContinuationToken !== undefined)
}

/** Objects and folders of one answer, which come apart, in one order. */
export const entriesOf = (page: ListObjectsV2CommandOutput): Entry[] =>
  [
    ...(page.Contents ?? []).map(object => objectEntry(page, object)),
    ...(page.CommonPrefixes ?? []).map(
      ({ Prefix = '' }): Entry => ({
        kind: 'folder',
        key: decoded(page, Prefix),
        size: null,
        modified: null,
      }),
    ),
  ].sort((a, b) => compareKeys(a.key, b.key))

const objectEntry = (page: ListObjectsV2CommandOutput, { Key = '', Size, LastModified }: _Object): Entry => ({
  kind: 'object',
  key: decoded(page, Key),
  size: Size ?? null,
  modified: LastModified ? instant(LastModified) : null,
})

/** A key as it is. */
export function decoded({ EncodingType }: ListObjectsV2CommandOutput, key: string): string {
  if (EncodingType !== 'url') return key
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
