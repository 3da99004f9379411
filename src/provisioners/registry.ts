import type { DatabaseEngine } from '../../db/schema.ts'
import { command } from './command/command.ts'
import { db2 } from './db2/db2.ts'
import type { EngineDefinition } from './engine.ts'
import { mariadb } from './mariadb/mariadb.ts'
import { postgresql } from './postgresql/postgresql.ts'

/** THE kinds of systems that accounts are made on. */
export const databaseEngines: Readonly<Record<DatabaseEngine, EngineDefinition>> = {
  postgresql,
  mariadb,
  db2,
  command,
}
