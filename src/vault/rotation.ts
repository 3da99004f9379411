import { after, type Clock, nowInstant, seconds } from '../clock.ts'
import type { Db, DbOrTx } from '../deps.ts'
import { SealError, seal, unseal } from './cipher.ts'
import type { KeyRow } from './key-rows.ts'
import type { MasterKey } from './master-key.ts'
import { wrapOf } from './vault.ts'

const batch = 50
/** How long a rotation is left alone that gives no sign of life. */
const claimMs = seconds(60)

/** Takes the rotation away from a key for one process. False: another one has it. */
export async function claimRotation(
  db: DbOrTx,
  clock: Clock,
  from: KeyRow,
  by: string,
  isGone: (by: string) => boolean,
): Promise<boolean> {
  const { rotating_by: other, rotating_until: until } = from
  if (other && until && other !== by && until > nowInstant(clock) && !isGone(other)) return false
  const claimed = await db
    .updateTable('master_keys')
    .set({ rotating_by: by, rotating_until: after(clock.now(), claimMs) })
    .where('id', '=', from.id)
    .where('rotating_by', other === null ? 'is' : '=', other)
    .where('rotating_until', until === null ? 'is' : '=', until)
    .executeTakeFirst()
  return Number(claimed.numUpdatedRows) === 1
}

/** Holds it for longer. False: it was taken by another one. */
export async function keepRotation(db: Db, clock: Clock, fromId: string, by: string): Promise<boolean> {
  const kept = await db
    .updateTable('master_keys')
    .set({ rotating_until: after(clock.now(), claimMs) })
    .where('id', '=', fromId)
    .where('rotating_by', '=', by)
    .executeTakeFirst()
  return Number(kept.numUpdatedRows) === 1
}

export const leaveRotation = (db: Db, fromId: string, by: string) =>
  db
    .updateTable('master_keys')
    .set({ rotating_by: null, rotating_until: null })
    .where('id', '=', fromId)
    .where('rotating_by', '=', by)
    .execute()

/**
 * Wraps the own key of every secret anew; the content stays as it is. Each secret is a commit of its own: the portal
 * waits for none of it, and whatever ends this leaves some done and the others as they were. Gives how many that
 * were, and the records of those whose own key can't be unwrapped.
 */
export async function rewrapAll(
  db: Db,
  from: MasterKey,
  to: MasterKey,
  each: (rewrapped: number) => Promise<void>,
): Promise<{ rewrapped: number; damaged: string[] }> {
  const damaged: string[] = []
  let rewrapped = 0
  for (let last = ''; ; ) {
    const rows = await nextBatch(db, from.id, last)
    for (const row of rows) {
      const own = unwrapped(from, row)
      if (!own) damaged.push(row.bound_to)
      else rewrapped += await wrapAnew(db, from, to, row.id, own)
    }
    await each(rewrapped)
    last = rows.at(-1)?.id ?? ''
    if (last === '') return { rewrapped, damaged }
  }
}

const nextBatch = (db: Db, keyId: string, last: string) =>
  db
    .selectFrom('secrets')
    .select(['id', 'bound_to', 'wrapped_key'])
    .where('key_id', '=', keyId)
    .where('id', '>', last)
    .orderBy('id')
    .limit(batch)
    .execute()

type Wrapped = Awaited<ReturnType<typeof nextBatch>>[number]

function unwrapped(from: MasterKey, { id, wrapped_key }: Wrapped): Buffer | null {
  try {
    return unseal(from.key, wrapped_key, wrapOf(id))
  } catch (error) {
    if (error instanceof SealError) return null
    throw error
  }
}

/** How many that were, one or none: somebody may have removed it or wrapped it anew meanwhile. */
async function wrapAnew(db: Db, from: MasterKey, to: MasterKey, id: string, own: Buffer): Promise<number> {
  const done = await db
    .updateTable('secrets')
    .set({ key_id: to.id, wrapped_key: seal(to.key, own, wrapOf(id)) })
    .where('id', '=', id)
    .where('key_id', '=', from.id)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Writes down that nothing is left under the former key. False: something is. */
export async function endRewrapping(tx: DbOrTx, clock: Clock, fromId: string): Promise<boolean> {
  const ended = await tx
    .updateTable('master_keys')
    .set({ rewrapped_at: nowInstant(clock) })
    .where('id', '=', fromId)
    .where('rewrapped_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('secrets').select('id').where('key_id', '=', fromId))),
    )
    .executeTakeFirst()
  return Number(ended.numUpdatedRows) === 1
}

/** Who has the former key can't get the new one from the database any more. */
export async function severLink(tx: DbOrTx, from: Pick<KeyRow, 'id'>): Promise<boolean> {
  const severed = await tx
    .updateTable('master_keys')
    .set({ successor_sealed: null, rotating_by: null, rotating_until: null })
    .where('id', '=', from.id)
    .where('successor_sealed', 'is not', null)
    .where('rewrapped_at', 'is not', null)
    .executeTakeFirst()
  return Number(severed.numUpdatedRows) === 1
}
