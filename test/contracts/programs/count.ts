import { openDatabase } from '../../../db/open.ts'
import { readConfig } from '../../../src/config.ts'

/** Adds one to the setting "count" as often as the argument says: each time reading first, then writing. */
const times = Number(process.argv[2])
const { db, close } = await openDatabase(readConfig())
for (let i = 0; i < times; i++)
  await db.transaction().execute(async tx => {
    const row = await tx.selectFrom('settings').select('value').where('name', '=', 'count').executeTakeFirst()
    const value = String(Number(row?.value ?? 0) + 1)
    await tx
      .insertInto('settings')
      .values({ name: 'count', value })
      .onConflict(conflict => conflict.column('name').doUpdateSet({ value }))
      .execute()
  })
await close()
console.log('done')
