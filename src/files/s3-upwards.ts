import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { compareKeys } from './key-order.ts'
import type { Asked } from './s3-listing.ts'
import { decoded } from './s3-listing.ts'

/** Whether a server that keeps objects as files could take a key for one beside the prefix. */
export const leadsUpwards = (key: string): boolean => key.split('/').includes('..')

/**
 * Whether an object has this very key, or a folder of this key has any: told by a listing that names no dots, where
 * only keys that are called so are found. Any other question could be answered about another object.
 */
export async function isCalledSo(
  prefix: string,
  key: string,
  pages: (asked: Asked) => AsyncIterable<ListObjectsV2CommandOutput>,
): Promise<boolean> {
  const whole = `${prefix}${key}`
  const parts = key.split('/')
  const above = parts.slice(0, parts.indexOf('..')).map(part => `${part}/`)
  const StartAfter = [...whole].slice(0, -1).join('')
  for await (const page of pages({ Prefix: `${prefix}${above.join('')}`, StartAfter }))
    for (const { Key = '' } of page.Contents ?? []) {
      const found = decoded(page, Key)
      if (key.endsWith('/') ? found.startsWith(whole) : found === whole) return true
      if (compareKeys(found, whole) > 0) return false
    }
  return false
}
