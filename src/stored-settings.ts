import type { DbOrTx, Tx } from './deps.ts'

/** What is stored under these names; a name that was never stored is left out. */
export async function storedSettings(
  db: DbOrTx,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('settings')
    .selectAll()
    .where('name', 'in', [...names])
    .execute()
  return new Map(rows.map(row => [row.name, row.value]))
}

/** Stores it unless something is stored under this name already. */
export async function storeIfAbsent(db: DbOrTx, name: string, value: string): Promise<void> {
  await db
    .insertInto('settings')
    .values({ name, value })
    .onConflict(on => on.column('name').doNothing())
    .execute()
}

export async function storeSetting(tx: Tx, name: string, value: string): Promise<void> {
  await tx
    .insertInto('settings')
    .values({ name, value })
    .onConflict(on => on.column('name').doUpdateSet({ value }))
    .execute()
}

/** Stores the next value if `seen` still is the stored one. False: somebody else was quicker. */
export async function replaceSetting(tx: Tx, name: string, seen: string, next: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('settings')
    .set({ value: next })
    .where('name', '=', name)
    .where('value', '=', seen)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
