import type { Config } from '../src/config.ts'
import type { DatabaseDialect, OpenDatabase } from './dialects/dialect.ts'
import { postgres } from './dialects/postgres.ts'
import { sqlite } from './dialects/sqlite.ts'

export { DatabaseError, type OpenDatabase } from './dialects/dialect.ts'

export const dialects = { sqlite, postgres } as const satisfies Record<
  OpenDatabase['engine'],
  DatabaseDialect
>

/** Opens the database that the configuration names. Throws a DatabaseError that says what to do. */
export const openDatabase = (config: Config): Promise<OpenDatabase> =>
  (config.DATABASE_URL ? dialects.postgres : dialects.sqlite).open(config)
