import { type RawBuilder, sql } from 'kysely'

/**
 * A text to compare with, for queries that are asked all the time. Where a query leaves SQLite a choice, it looks at
 * the values it is given and plans anew for each run, which costs several times what reading a few rows by an index
 * does; behind a cast, or written out with `sql.lit`, there is nothing to look at.
 */
export const plannedOnce = (text: string): RawBuilder<string> => sql`cast(${text} as text)`
