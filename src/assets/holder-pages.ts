import { countLimit, cutPage, decodeKey, encodeKey, type Listed, type PlaceQuery } from '../paging.ts'

/** Where a row stands: by person, and by access within the person. */
export interface Place {
  person_id: string
  access_id: number
}
export type Direction = 'on' | 'back'

/** Rows beyond a place in one direction, the nearest first, and how many there are up to a limit. */
export interface Source<R extends Place> {
  read(place: Place | null, direction: Direction, limit: number): Promise<readonly R[]>
  count(limit: number): Promise<number>
}

/** One page out of several sources that are each read in order: none has to be sorted whole. */
export async function pageOf<R extends Place>(
  sources: readonly Source<R>[],
  asked: PlaceQuery,
  size = 20,
): Promise<Listed<R>> {
  const before = placeOf(asked.before)
  const place = before ?? placeOf(asked.after)
  const found = await nearest(sources, place, before ? 'back' : 'on', size + 1)
  // The rows that the address speaks of are gone: the list begins anew.
  if (found.length === 0 && place) return pageOf(sources, {}, size)
  const { rows, more, from, to } = cutPage(found, size, before !== null, place ? numberOf(asked.from) : 1)
  const counted = await countAll(sources)
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    from,
    to,
    total: Math.min(counted, countLimit),
    atLeast: counted > countLimit,
    previous:
      first && (before ? more : place !== null)
        ? { before: wordOf(first), from: String(Math.max(1, from - size)) }
        : null,
    next: last && (before !== null || more) ? { after: wordOf(last), from: String(to + 1) } : null,
  }
}

/** Everything, a thousand rows at a time. */
export async function* everyRow<R extends Place>(
  sources: readonly Source<R>[],
  size = 1000,
): AsyncGenerator<readonly R[]> {
  let place: Place | null = null
  for (;;) {
    const rows: readonly R[] = await nearest(sources, place, 'on', size)
    const last = rows.at(-1)
    if (!last) return
    yield rows
    place = last
  }
}

async function nearest<R extends Place>(
  sources: readonly Source<R>[],
  place: Place | null,
  direction: Direction,
  limit: number,
): Promise<R[]> {
  const rows: R[] = []
  for (const source of sources) rows.push(...(await source.read(place, direction, limit)))
  const way = direction === 'on' ? 1 : -1
  return rows.sort((a, b) => way * compared(a, b)).slice(0, limit)
}

/** As the database sorts: by bytes. Codes are ASCII. */
const compared = (a: Place, b: Place) =>
  a.person_id === b.person_id ? a.access_id - b.access_id : a.person_id < b.person_id ? -1 : 1

async function countAll(sources: readonly Pick<Source<Place>, 'count'>[]): Promise<number> {
  let counted = 0
  for (const source of sources) counted += await source.count(countLimit + 1)
  return counted
}

const wordOf = (row: Place) => encodeKey([row.person_id, row.access_id])

function placeOf(word: string | undefined): Place | null {
  const key = decodeKey(word, 'text', 'number')
  return key && { person_id: String(key[0]), access_id: Number(key[1]) }
}

const numberOf = (word: string | undefined) => (word && /^[1-9]\d{0,11}$/.test(word) ? Number(word) : 1)
