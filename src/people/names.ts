import type { DbOrTx } from '../deps.ts'

const CHUNK = 500

/** Code → Display Name, of those that are there. */
export async function namesOf(db: DbOrTx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)]
  const names = new Map<string, string>()
  for (let at = 0; at < wanted.length; at += CHUNK) {
    const rows = await db
      .selectFrom('persons')
      .select(['id', 'display_name'])
      .where('id', 'in', wanted.slice(at, at + CHUNK))
      .execute()
    for (const row of rows) names.set(row.id, row.display_name)
  }
  return names
}
