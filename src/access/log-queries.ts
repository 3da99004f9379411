import type { DbOrTx } from '../deps.ts'

export const personShown = (db: DbOrTx, id: string) =>
  db.selectFrom('persons').select(['id', 'display_name']).where('id', '=', id).executeTakeFirstOrThrow()
