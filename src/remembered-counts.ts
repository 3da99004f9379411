import { type RawBuilder, sql } from 'kysely'
import type { Db, Deps } from './deps.ts'

interface Remembered {
  version: string
  counts: Map<string, number>
}

const remembered = new WeakMap<Db, Remembered>()
const mostCounts = 1000

/**
 * The one number that a query gives. On SQLite it is counted again only when anything was written since, which the
 * database tells for less than a hundredth of counting thousands of rows. The version is read first: what is written
 * between the two makes the next one count again. PostgreSQL has nothing of the kind and always counts.
 */
export async function rememberedCount(
  { db, engine }: Pick<Deps, 'db' | 'engine'>,
  counting: RawBuilder<{ count: number }>,
): Promise<number> {
  if (engine !== 'sqlite') return countNow(db, counting)
  const { sql: text, parameters } = counting.compile(db)
  const counts = countsOf(db, await versionOf(db))
  const key = JSON.stringify([text, parameters])
  const known = counts.get(key)
  if (known !== undefined) return known
  const count = await countNow(db, counting)
  if (counts.size >= mostCounts) counts.clear()
  counts.set(key, count)
  return count
}

export async function countNow(db: Db, counting: RawBuilder<{ count: number }>): Promise<number> {
  const { rows } = await counting.execute(db)
  return Number(rows[0]?.count ?? 0)
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
  const { rows } = await sql<{ others: number; own: number }>`
    select data_version as others, total_changes() as own from pragma_data_version`.execute(db)
  return `${rows[0]?.others} ${rows[0]?.own}`
}
