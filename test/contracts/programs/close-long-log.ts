import { sql } from 'kysely'
import { openDatabase } from '../../../db/open.ts'
import { readConfig } from '../../../src/config.ts'
import { newId } from '../../../src/ids.ts'

/** Writes until the thread that moves the log has been at it, closes the database, and says so. */
const open = await openDatabase(readConfig())
const megabyte = 'x'.repeat(2 ** 20)
const framesInLog = async () =>
  (await sql<{ log: number }>`pragma wal_checkpoint(noop)`.execute(open.db)).rows[0]?.log ?? 0
for (let frames = 0, longest = 0; frames >= longest; ) {
  await open.db.insertInto('settings').values({ name: newId(), value: megabyte }).execute()
  longest = Math.max(longest, frames)
  frames = await framesInLog()
  await new Promise(resolve => setTimeout(resolve, 10))
}
await open.close()
console.log('closed')
process.exit(7)
