/** What a browser says of the part it wants: the headers Range and If-Range. */
export interface Asked {
  range: string | undefined
  ifRange: string | undefined
}

/** Both bounds are included. */
export interface Part {
  first: number
  last: number
}

/** One part of an object; null: all of it, as for everything that is no such wish or is about another content. */
export function readRange(
  { range, ifRange }: Asked,
  { size, etag }: { size: number; etag: string },
): Part | 'beyond' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? []
  if ((from === '' && to === '') || (ifRange !== undefined && ifRange !== `"${etag}"`)) return null
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first >= size || (from === '' && Number(to) === 0)) return 'beyond'
  return last < first ? null : { first, last }
}
