import type { Row } from '../../db/schema.ts'
import type { Db, Engine } from '../deps.ts'
import { keyRing } from './key-ring.ts'
import { keyRows } from './key-rows.ts'
import type { MasterKey } from './master-key.ts'
import { type Standing, standingOf } from './standing.ts'
import { openRow, VaultError } from './vault.ts'

/** What the vault holds and whether it can be had; changes nothing. */
export interface VaultReport {
  /** undefined: no key was given. */
  standing: Standing | undefined
  /** How many secrets there are. */
  stored: number
  /** The same by master key, as it is while one replaces another. */
  byKey: ReadonlyMap<string, number>
  /** Records whose secret can't be opened with the key given, each with the reason. */
  closed: readonly { boundTo: string; reason: string }[]
}

const batch = 500

/** Opens every secret with the key given, and counts. */
export async function examineVault(db: Db, engine: Engine, key: MasterKey | null): Promise<VaultReport> {
  const standing = key ? standingOf(await keyRows(db), key) : undefined
  const byKey = new Map<string, number>()
  const closed: { boundTo: string; reason: string }[] = []
  const ring = key ? keyRing(key, engine) : { find: async () => undefined }
  let stored = 0
  for await (const row of allSecrets(db)) {
    stored += 1
    byKey.set(row.key_id, (byKey.get(row.key_id) ?? 0) + 1)
    const reason = await whyClosed(() => openRow(db, ring, row))
    if (reason) closed.push({ boundTo: row.bound_to, reason })
  }
  return { standing, stored, byKey, closed }
}

async function* allSecrets(db: Db): AsyncGenerator<Row<'secrets'>> {
  for (let last = ''; ; ) {
    const rows = await db
      .selectFrom('secrets')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .execute()
    yield* rows
    const end = rows.at(-1)
    if (!end) return
    last = end.id
  }
}

async function whyClosed(open: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await open()
    return undefined
  } catch (error) {
    if (error instanceof VaultError) return error.message
    throw error
  }
}
