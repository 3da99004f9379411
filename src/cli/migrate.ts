import { migrate as applyMigrations } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { readConfig } from '../config.ts'
import { type Command, say } from './command.ts'
import { prepareDataFolder } from './data-folder.ts'

export const migrate: Command = {
  summary: 'Brings the database to this version and ends.',
  async run() {
    const config = readConfig()
    prepareDataFolder(config)
    const open = await openDatabase(config)
    try {
      const applied = await applyMigrations(open, name => say(`Applied ${name}`))
      say(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} changes.`)
      return 0
    } finally {
      await open.close()
    }
  },
}
