import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver, sql } from 'kysely'
import type { Config } from '../../src/config.ts'
import type { Database } from '../schema.ts'
import { type DatabaseDialect, DatabaseError, type OpenDatabase } from './dialect.ts'
import { longestLog, moveLogAside } from './sqlite-checkpoints.ts'

/** How long a statement waits for another process that is writing. The whole process waits with it. */
const busyTimeout = 5000
/** Another process may be migrating a large table. */
const migrationTimeout = 600_000
const cachedStatements = 300
const largestIdleLog = 64 * 2 ** 20

export const sqlite: DatabaseDialect = {
  open: async config => openSqlite(config),
  words: {
    id: 'integer primary key autoincrement',
    text: 'text',
    integer: 'integer',
    blob: 'blob',
    strict: ' strict',
    // SQLite counts on from the largest number it has seen in the table.
    numbersGoOn: () => [],
  },
  openForMigrations: async ({ db }) => {
    await setBusyTimeout(db, migrationTimeout)
    return db
  },
  // `begin immediate` is the lock.
  lockMigrations: async () => {},
  closeForMigrations: db => setBusyTimeout(db, busyTimeout),
}

export const sqliteFile = (config: Pick<Config, 'DATA_DIR'>) => path.join(config.DATA_DIR, 'gatehouse.sqlite')

function openSqlite(config: Config): OpenDatabase {
  const file = connect(config)
  const db = new Kysely<Database>({ dialect: new ImmediateSqliteDialect(file) })
  const stopMoving = moveLogAside(sqliteFile(config), config)
  const close = async () => {
    // Before: who closes the file last moves all of the log and removes it.
    await stopMoving()
    await db.destroy()
  }
  return { db, engine: 'sqlite', close }
}

function connect(config: Config): SqliteDatabase.Database {
  try {
    mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 })
    // Its log and index files get the same permissions.
    closeSync(openSync(sqliteFile(config), 'a', 0o600))
    const file = new SqliteDatabase(sqliteFile(config), { timeout: busyTimeout })
    file.pragma('journal_mode = wal')
    // After journal_mode: SQLite may be built with another default for WAL.
    file.pragma(`synchronous = ${config.SQLITE_SYNCHRONOUS}`)
    file.pragma('foreign_keys = on')
    file.pragma(`wal_autocheckpoint = ${longestLog}`)
    // A log that once grew large is cut again after its checkpoint.
    file.pragma(`journal_size_limit = ${largestIdleLog}`)
    // As PostgreSQL does it; also lets LIKE 'prefix%' use an index.
    file.pragma('case_sensitive_like = on')
    assertWritable(config)
    return file
  } catch (error) {
    throw new DatabaseError(unusable(config, error), { cause: error })
  }
}

/** A file that can only be read opens without complaint and fails at the first write. */
function assertWritable(config: Config) {
  for (const place of [config.DATA_DIR, sqliteFile(config)]) accessSync(place, constants.W_OK)
}

function unusable(config: Config, error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'SQLITE_NOTADB')
    return `${sqliteFile(config)} is not a database of Gatehouse. Move it away, or set DATA_DIR to another folder.`
  if (code?.startsWith('SQLITE_BUSY'))
    return `${sqliteFile(config)} is locked by another program. Stop that program, then start again.`
  return `The data folder ${config.DATA_DIR} can't be used (${code ?? message}). Set DATA_DIR to a folder this user may write to.`
}

/** Kysely's own dialect, with two differences: transactions take the write lock at once, statements are prepared once. */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #file: SqliteDatabase.Database
  constructor(file: SqliteDatabase.Database) {
    super({ database: file })
    this.#file = file
  }
  override createDriver() {
    return new ImmediateSqliteDriver(this.#file)
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #file: SqliteDatabase.Database
  constructor(file: SqliteDatabase.Database) {
    super({ database: withStatementCache(file) })
    this.#file = file
  }
  // A transaction that reads first and then finds another process writing can't be continued: SQLITE_BUSY at once.
  override async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
  // On a full disk SQLite has rolled back already; a second rollback would hide the reason.
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** Keeps the statements used last: preparing one costs more than most queries. */
function withStatementCache(file: SqliteDatabase.Database) {
  const statements = new Map<string, SqliteDatabase.Statement<unknown[]>>()
  return {
    prepare(text: string) {
      const known = statements.get(text)
      // Their order matters only once one has to go.
      if (known && statements.size < cachedStatements) return known
      const statement = known ?? file.prepare<unknown[]>(text)
      statements.delete(text)
      statements.set(text, statement)
      const [oldest] = statements.keys()
      if (statements.size > cachedStatements && oldest !== undefined) statements.delete(oldest)
      return statement
    },
    close: () => file.close(),
  }
}

const setBusyTimeout = async (db: Kysely<Database>, milliseconds: number) => {
  await sql.raw(`pragma busy_timeout = ${milliseconds}`).execute(db)
}
