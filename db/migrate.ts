import { type Kysely, sql, type Transaction } from 'kysely'
import { type ColumnWords, type DatabaseDialect, DatabaseError } from './dialects/dialect.ts'
import { migrations as all } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { dialects, type OpenDatabase } from './open.ts'
import type { Database } from './schema.ts'

/** The database can't be brought to this program's version; the message says what to do. */
export class MigrationError extends DatabaseError {
  override name = 'MigrationError'
}

/** The ledger of applied migrations; the portal's own tables don't know it. */
interface Ledger {
  migrations: { name: string; applied_at: string }
}

/**
 * Applies what is missing and gives the names. Each migration is one transaction under a lock, together with its
 * line in the ledger: several processes may start at once, and one killed in the middle leaves nothing behind.
 */
export async function migrate(
  open: OpenDatabase,
  log: (name: string) => void = () => {},
  migrations: readonly Migration[] = all,
): Promise<string[]> {
  const dialect = dialects[open.engine]
  const names: string[] = []
  const db = await dialect.openForMigrations(open)
  try {
    for (;;) {
      const name = await applyNext(db, dialect, migrations)
      if (name === undefined) return names
      names.push(name)
      log(name)
    }
  } finally {
    await dialect.closeForMigrations(db)
  }
}

async function applyNext(
  db: Kysely<Database>,
  { lockMigrations, words }: DatabaseDialect,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  return db.transaction().execute(async tx => {
    await lockMigrations(tx)
    const applied = await appliedMigrations(tx, words.text)
    assertNotNewer(applied, migrations)
    const next = migrations.find(migration => !applied.has(migration.name))
    if (!next) return undefined
    await apply(next, tx, words)
    return next.name
  })
}

async function appliedMigrations(tx: Transaction<Database>, text: string): Promise<Set<string>> {
  await sql
    .raw(`create table if not exists migrations (name ${text} primary key, applied_at ${text} not null)`)
    .execute(tx)
  const rows = await ledger(tx).selectFrom('migrations').select('name').orderBy('name').execute()
  return new Set(rows.map(row => row.name))
}

function assertNotNewer(applied: ReadonlySet<string>, migrations: readonly Migration[]) {
  const known = new Set(migrations.map(migration => migration.name))
  const unknown = [...applied].filter(name => !known.has(name))
  if (unknown.length > 0)
    throw new MigrationError(
      `The database was changed by a newer version of Gatehouse (${unknown.join(', ')}), which this one does not know. ` +
        'Start that version, or restore the backup made before it was installed.',
    )
}

async function apply(migration: Migration, tx: Transaction<Database>, words: ColumnWords) {
  try {
    await migration.up(tx, words)
  } catch (error) {
    throw new MigrationError(
      `The change ${migration.name} could not be made to the database: ${(error as Error).message}. Nothing of it was kept.`,
      { cause: error },
    )
  }
  await ledger(tx)
    .insertInto('migrations')
    .values({ name: migration.name, applied_at: new Date().toISOString() })
    .execute()
}

const ledger = (tx: Transaction<Database>) => tx as unknown as Kysely<Ledger>
