import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onBothEngines } from '../support/engines.ts'

/** Columns by table as db/schema.ts declares them; a `?` marks those that may be empty. */
function declared(): Record<string, string[]> {
  const source = readFileSync('db/schema.ts', 'utf8')
  const columns = new Map(
    [...source.matchAll(/^export interface (\w+Table) \{\n([\s\S]*?)^\}/gm)].map(([, name, body = '']) => [
      name,
      [...body.matchAll(/^ {2}(\w+): (.*)$/gm)].map(
        ([, column, type = '']) => `${column}${type.includes('null') ? '?' : ''}`,
      ),
    ]),
  )
  const [, body = ''] = /^export interface Database \{\n([\s\S]*?)^\}/m.exec(source) ?? []
  return Object.fromEntries(
    [...body.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, table, name]) => [
      table,
      (columns.get(name) ?? []).sort(),
    ]),
  )
}

onBothEngines('the migrations', (_engine, open) => {
  test('make exactly the tables and columns that the schema declares', async () => {
    const tables = await open().db.introspection.getTables()
    const made = Object.fromEntries(
      tables
        .filter(table => table.name !== 'migrations')
        .map(table => [
          table.name,
          table.columns.map(column => `${column.name}${nullable(column) ? '?' : ''}`).sort(),
        ]),
    )
    expect(made).toEqual(declared())
  })
})

/** SQLite reports key columns as nullable, which STRICT tables and integer keys never are. */
const nullable = (column: { name: string; isNullable: boolean; isAutoIncrementing: boolean }) =>
  column.isNullable && !column.isAutoIncrementing
