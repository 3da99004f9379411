import { CompiledQuery } from 'kysely'
import type { Db, Deps } from './deps.ts'

interface Remembered {
  version: string
  counts: Map<string, number>
}

const remembered = new WeakMap<Db, Remembered>()
const mostCounts = 1000

/**
 * What `count` gives; `key` names all that it depends on besides the database. On SQLite it is counted again only when
 * anything was written since, which the database tells for less than a hundredth of counting thousands of rows. The
 * version is read first: what is written between the two makes the next one count again. PostgreSQL has nothing of the
 * kind and always counts.
 */
export async function rememberedCount(
  { db, engine }: Pick<Deps, 'db' | 'engine'>,
  key: string,
  count: () => Promise<number>,
): Promise<number> {
  if (engine !== 'sqlite') return count()
  const counts = countsOf(db, await versionOf(db))
  const known = counts.get(key)
  if (known !== undefined) return known
  const counted = await count()
  if (counts.size >= mostCounts) counts.clear()
  counts.set(key, counted)
  return counted
}

function countsOf(db: Db, version: string): Remembered['counts'] {
  const known = remembered.get(db)
  if (known?.version === version) return known.counts
  const counts: Remembered['counts'] = new Map()
  remembered.set(db, { version, counts })
  return counts
}

/** Changes with every commit of other connections, and with every row this one has written. */
async function versionOf(db: Db): Promise<string> {
  const { rows } = await db.executeQuery<{ others: number; own: number }>(versionQuery)
  return `${rows[0]?.others} ${rows[0]?.own}`
}

const versionQuery = CompiledQuery.raw(
  'select data_version as others, total_changes() as own from pragma_data_version',
)
