import { sql } from 'kysely'
import { migrations } from '../../db/migrations/index.ts'
import type { Deps } from '../deps.ts'

/** The database answers, and has every migration of this program. */
export async function isReady({ db }: Pick<Deps, 'db'>): Promise<boolean> {
  try {
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db)
    const applied = new Set(rows.map(row => row.name))
    return migrations.every(migration => applied.has(migration.name))
  } catch {
    return false
  }
}

/** How many rows there are of each state. */
export const countByState = ({ db }: Pick<Deps, 'db'>, table: 'jobs' | 'runs') =>
  db
    .selectFrom(table)
    .select(['state', eb => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
