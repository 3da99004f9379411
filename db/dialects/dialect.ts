import type { Kysely, Transaction } from 'kysely'
import type pg from 'pg'
import type { Config } from '../../src/config.ts'
import type { Database } from '../schema.ts'

/** The words in which the engines' table definitions differ. */
export interface ColumnWords {
  /** Number given by the database, never given again. */
  id: string
  /** Compared byte by byte on both engines, so that order and prefix search are the same. */
  text: string
  integer: string
  blob: string
  /** After the closing bracket: every value must have its column's type. */
  strict: string
  /** Statements after rows were copied into a table together with their numbers: the next number is a new one. */
  numbersGoOn(table: string): string[]
}

export interface OpenDatabase {
  db: Kysely<Database>
  engine: 'sqlite' | 'postgres'
  /** PostgreSQL only: for LISTEN, which needs a connection of its own. */
  pool?: pg.Pool
  close(): Promise<void>
}

/** All that an engine decides; nothing else looks at which one it is. */
export interface DatabaseDialect {
  open(config: Config): Promise<OpenDatabase>
  words: ColumnWords
  /** Without limits of time: waits as long as another process migrates, and for whatever a migration has to do. */
  openForMigrations(open: OpenDatabase): Promise<Kysely<Database>>
  /** First statement of every migration's transaction: one migration at a time, whatever the number of processes. */
  lockMigrations(tx: Transaction<Database>): Promise<void>
  closeForMigrations(db: Kysely<Database>): Promise<void>
}

/** The database can't be used; the message says why and what to do. */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
}
