import { cutPage, decodeKey, type Key, type Listed, type ListQuery, neighbours } from '../paging.ts'
import { compareKeys } from './key-order.ts'
import { nameOf, shownName } from './names.ts'
import type { Entry, ObjectStore } from './object-store.ts'

export interface FilesQuery extends ListQuery {
  /** What names are to hold, in any case. */
  name?: string
}

interface Order {
  of: (entry: Entry) => string | number
  type: 'text' | 'number'
}

/** Keys decide wherever two are alike. */
const byKey: Order = { of: () => 0, type: 'number' }
const orders: Readonly<Record<string, Order>> = {
  name: byKey,
  size: { of: entry => entry.size ?? -1, type: 'number' },
  modified: { of: entry => entry.modified ?? '', type: 'text' },
}

const pageSize = 25

/**
 * One page of a folder, however much stands in it: entries are looked at as they come, and no more are kept than are
 * shown. In the store's own order it ends where the page does.
 */
export async function pickPage(
  store: ObjectStore,
  folder: string,
  asked: FilesQuery,
): Promise<Listed<Entry>> {
  const word = asked.sort && Object.hasOwn(orders, asked.sort.replace(/^-/, '')) ? asked.sort : 'name'
  const order = orders[word.replace(/^-/, '')] ?? byKey
  const before = decodeKey(asked.before, order.type, 'text')
  const key = before ?? decodeKey(asked.after, order.type, 'text')
  const down = word.startsWith('-') !== (before !== null)
  const found = await collect(store, folder, asked.name ?? '', { order, key, down })
  const page = cutPage(found.rows, pageSize, before !== null, key === null ? 1 : numberOf(asked.from))
  // What it stood beside is gone: the list begins anew.
  if (page.rows.length === 0 && key !== null)
    return pickPage(store, folder, { ...asked, after: undefined, before: undefined })
  const { more: _, ...shown } = page
  return {
    ...shown,
    ...neighbours(page, key !== null, before !== null, pageSize, keyIn(order)),
    total: found.whole ? found.matching : shown.to + (page.more ? 1 : 0),
    atLeast: !found.whole && page.more,
  }
}

interface Wanted {
  order: Order
  /** What the page begins after; null: the beginning. */
  key: Key | null
  down: boolean
}

async function collect(store: ObjectStore, folder: string, name: string, { order, key, down }: Wanted) {
  const compare = (a: Key, b: Key) => (down ? -1 : 1) * compareIn(a, b)
  const early = store.inOrder && order === byKey && !down
  const best: { at: Key; entry: Entry }[] = []
  let matching = 0
  let whole = key === null || !early
  const after = early && key !== null ? String(key[1]) : null
  for await (const entry of store.entries(folder, { after, facts: order !== byKey })) {
    if (!holds(entry, name)) continue
    matching += 1
    const at = keyIn(order)(entry)
    if (key !== null && compare(at, key) <= 0) continue
    insert(best, { at, entry }, (a, b) => compare(a.at, b.at))
    if (early && best.length > pageSize) {
      whole = false
      break
    }
  }
  return { rows: best.map(one => one.entry), matching, whole }
}

/** Keeps the first few and one more, which tells that there are more. */
function insert<T>(kept: T[], one: T, compare: (a: T, b: T) => number): void {
  const last = kept.at(-1)
  if (kept.length > pageSize && last !== undefined && compare(one, last) >= 0) return
  let at = kept.length
  while (at > 0 && compare(one, kept[at - 1] as T) < 0) at -= 1
  kept.splice(at, 0, one)
  if (kept.length > pageSize + 1) kept.pop()
}

const keyIn =
  (order: Order) =>
  (entry: Entry): Key => [order.of(entry), entry.key]

const compareIn = (a: Key, b: Key): number => compareOne(a[0], b[0]) || compareOne(a[1], b[1])

const compareOne = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareKeys(String(a), String(b))

const holds = (entry: Entry, text: string): boolean =>
  text === '' || folded(shownName(nameOf(entry.key))).includes(folded(text))

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

const numberOf = (from: string | undefined) => (from && /^[1-9]\d{0,11}$/.test(from) ? Number(from) : 1)
