import { type QueryExecutorProvider, sql } from 'kysely'
import type { ColumnWords } from '../dialects/dialect.ts'

/** One change of the database, applied once and whole. A released one is never edited: add another. */
export interface Migration {
  /** NNNN-why; applied in the order of the list. */
  name: string
  up(tx: QueryExecutorProvider, words: ColumnWords): Promise<void>
}

/** Runs statements of the migration one after the other. */
export async function run(tx: QueryExecutorProvider, ...statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(tx)
}

/** `check (column in (…))`, for a vocabulary. */
export const oneOf = (column: string, words: readonly string[]) =>
  `check (${column} in (${words.map(word => `'${word}'`).join(', ')}))`

/** Definition of a 0/1 column. */
export const flag = (column: string, integer: string, initially: 0 | 1) =>
  `${column} ${integer} not null default ${initially} check (${column} in (0, 1))`
