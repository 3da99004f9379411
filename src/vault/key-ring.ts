import type { DbOrTx, Engine } from '../deps.ts'
import { SealError, unseal } from './cipher.ts'
import { successorOf } from './key-rows.ts'
import { type MasterKey, masterKeyOf } from './master-key.ts'
import { VaultError } from './vault-error.ts'

/** Keys by fingerprint: the one that new secrets are wrapped with, and every one that is still in use. */
export interface KeyRing {
  /** The key this process was started with. */
  readonly own: string
  /** Held until the end of the transaction: nothing is put away under a key that is just being replaced. */
  current(db: DbOrTx): Promise<MasterKey>
  /** undefined: this process can't have it. */
  find(db: DbOrTx, id: string): Promise<MasterKey | undefined>
}

/** The keys of this process: the one it was started with, and those it leads to while one replaces another. */
export function keyRing(own: MasterKey, engine: Engine): KeyRing {
  const keys = new Map([[own.id, own]])
  const find = async (db: DbOrTx, id: string) => {
    if (!keys.has(id)) await learn(db, keys)
    return keys.get(id)
  }
  return {
    own: own.id,
    find,
    async current(db) {
      const id = await heldId(db, engine)
      const key = await find(db, id)
      if (key) return key
      throw new VaultError(
        `New secrets are encrypted with the master key ${id}, but this process was started with ${own.id}. Start it again with the right one.`,
      )
    },
  }
}

async function heldId(db: DbOrTx, engine: Engine): Promise<string> {
  const query = db.selectFrom('master_keys').select('id').where('successor', 'is', null)
  const held = () => (engine === 'postgres' ? query.forShare() : query).executeTakeFirst()
  // The first may have waited for a rotation to begin: then its row is not the one any more, and a second look finds the other.
  const row = (await held()) ?? (await held())
  if (row) return row.id
  throw new VaultError('No master key is known to the database. Start the portal again.')
}

/** Follows the links from the keys at hand, as far as they lead. */
async function learn(db: DbOrTx, keys: Map<string, MasterKey>): Promise<void> {
  for (;;) {
    const known = [...keys.keys()]
    const row = await db
      .selectFrom('master_keys')
      .select(['id', 'successor', 'successor_sealed'])
      .where('id', 'in', known)
      .where('successor', 'not in', known)
      .where('successor_sealed', 'is not', null)
      .executeTakeFirst()
    const from = keys.get(row?.id ?? '')
    if (!row?.successor || !row.successor_sealed || !from) return
    keys.set(row.successor, followLink(from, row.successor, row.successor_sealed))
  }
}

/** The key that another leads to. Throws a VaultError when the link was altered. */
export function followLink(from: MasterKey, successor: string, sealed: Uint8Array): MasterKey {
  const broken = `The way from the master key ${from.id} to its successor ${successor} can't be read`
  try {
    const key = masterKeyOf(unseal(from.key, sealed, successorOf(from.id, successor)))
    if (key.id === successor) return key
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new VaultError(`${broken}: ${error.message}`)
  }
  throw new VaultError(`${broken}: it is another key.`)
}
