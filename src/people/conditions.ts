import { type Expression, type SqlBool, sql } from 'kysely'
import { containing } from '../search-text.ts'

/** Ids are written in capitals and compared as they stand. */
export const beginsWith = (column: string, typed: string): Expression<SqlBool> => {
  const first = typed.trim().toUpperCase()
  return sql<SqlBool>`${sql.ref(column)} >= ${first} and ${sql.ref(column)} < ${`${first}\u{10FFFF}`}`
}

/** SQLite lowers ASCII only: what is typed as it is written is found as well. */
export const lowerContains = (column: string, typed: string): Expression<SqlBool> => {
  const pattern = `%${typed.trim().replace(/[\\%_]/g, '\\$&')}%`
  const ref = sql.ref(column)
  return sql<SqlBool>`(lower(${ref}) like ${pattern.toLowerCase()} escape '\\' or ${ref} like ${pattern} escape '\\')`
}

/** For columns kept folded for search. */
export const foldedContains = (column: string, typed: string): Expression<SqlBool> =>
  sql<SqlBool>`${sql.ref(column)} like ${containing(typed)} escape '\\'`
