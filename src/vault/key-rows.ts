import type { Row } from '../../db/schema.ts'
import type { Clock } from '../clock.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Tx } from '../deps.ts'
import { SealError, seal, unseal } from './cipher.ts'
import type { MasterKey } from './master-key.ts'

export type KeyRow = Row<'master_keys'>

const known = 'Gatehouse: this is the right key.'
const checkOf = (id: string) => `check of ${id}`

/** All keys there have been, the one in use first. */
export const keyRows = (db: DbOrTx): Promise<KeyRow[]> =>
  db
    .selectFrom('master_keys')
    .selectAll()
    .orderBy(eb => eb.case().when('successor', 'is', null).then(0).else(1).end())
    .orderBy('created_at')
    .execute()

/** The one new secrets are wrapped with: it has no successor, and the database allows one such row. */
export const currentRow = (rows: readonly KeyRow[]) => rows.find(row => row.successor === null)

/** Whether it is the key it is taken for. */
export function isRightKey({ id, key }: MasterKey, checkValue: Uint8Array): boolean {
  try {
    return unseal(key, checkValue, checkOf(id)).toString() === known
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}

/** Makes it the database's key. False: there is one; whoever notes one at this moment is waited for. */
export async function noteFirstKey(db: DbOrTx, clock: Clock, key: MasterKey): Promise<boolean> {
  const { numInsertedOrUpdatedRows: noted } = await db
    .insertInto('master_keys')
    .values(newRow(clock, key))
    .onConflict(there => there.doNothing())
    .executeTakeFirst()
  return Number(noted) === 1
}

/**
 * Puts a key in the place of one under which nothing is stored. False: something has happened to that one meanwhile,
 * and the transaction has to be rolled back.
 */
export async function takeOver(tx: Tx, clock: Clock, from: KeyRow, key: MasterKey): Promise<boolean> {
  const held = await tx
    .updateTable('master_keys')
    .set({ used_at: nowInstant(clock) })
    .where('id', '=', from.id)
    .where('successor', 'is', null)
    .where('used_at', '=', from.used_at)
    .executeTakeFirst()
  // Only now: on PostgreSQL the update has waited for whoever was storing something under it.
  if (Number(held.numUpdatedRows) === 0 || (await countSecrets(tx)) > 0) return false
  await tx
    .updateTable('master_keys')
    .set({ successor: key.id, successor_sealed: null })
    .where('successor', '=', from.id)
    .execute()
  await tx.deleteFrom('master_keys').where('id', '=', from.id).execute()
  await tx.insertInto('master_keys').values(newRow(clock, key)).execute()
  return true
}

/** A process starts with it: until its worker is in the list, this is its sign of life. */
export const noteUse = (db: DbOrTx, clock: Clock, id: string) =>
  db
    .updateTable('master_keys')
    .set({ used_at: nowInstant(clock) })
    .where('id', '=', id)
    .execute()

/** A new key becomes the one in use; the former leads to it, for whoever has the former. */
export async function succeed(tx: Tx, clock: Clock, from: MasterKey, to: MasterKey): Promise<boolean> {
  const led = await tx
    .updateTable('master_keys')
    .set({
      successor: to.id,
      successor_sealed: seal(from.key, to.key.export(), successorOf(from.id, to.id)),
    })
    .where('id', '=', from.id)
    .where('successor', 'is', null)
    .executeTakeFirst()
  if (Number(led.numUpdatedRows) === 0) return false
  await tx.insertInto('master_keys').values(newRow(clock, to)).execute()
  return true
}

/** What a key's successor is sealed about. */
export const successorOf = (id: string, next: string) => `${next} after ${id}`

/** How many secrets there are: all, or those under one key. */
export async function countSecrets(db: DbOrTx, keyId?: string): Promise<number> {
  const all = db.selectFrom('secrets').select(eb => eb.fn.countAll<number>().as('count'))
  const { count } = await (keyId === undefined
    ? all
    : all.where('key_id', '=', keyId)
  ).executeTakeFirstOrThrow()
  return count
}

const newRow = (clock: Clock, { id, key }: MasterKey) => {
  const now = nowInstant(clock)
  return { id, check_value: seal(key, Buffer.from(known), checkOf(id)), created_at: now, used_at: now }
}
