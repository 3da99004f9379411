import { migrate } from '../../../db/migrate.ts'
import { migrations } from '../../../db/migrations/index.ts'
import type { Migration } from '../../../db/migrations/migration.ts'
import { openDatabase } from '../../../db/open.ts'
import { readConfig } from '../../../src/config.ts'

/** Applies the migrations; with a name as argument it never gets past the end of that one's statements. */
const [stopIn] = process.argv.slice(2)
const open = await openDatabase(readConfig())
await migrate(open, name => console.log(name), migrations.map(endless))
await open.close()

function endless(migration: Migration): Migration {
  if (migration.name !== stopIn) return migration
  return {
    name: migration.name,
    up: async (tx, words) => {
      await migration.up(tx, words)
      console.log('in the middle')
      await new Promise(() => setInterval(() => {}, 60_000))
    },
  }
}
