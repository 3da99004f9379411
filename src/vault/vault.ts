import { randomBytes } from 'node:crypto'
import type { Row } from '../../db/schema.ts'
import type { Clock } from '../clock.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'
import { newId } from '../ids.ts'
import { Secret } from '../secret.ts'
import { SealError, seal, unseal } from './cipher.ts'
import type { KeyRing } from './key-ring.ts'
import { VaultError } from './vault-error.ts'

export { VaultError }

/** Keeps secrets in the database, each under a key of its own that is wrapped with the master key. */
export interface Vault {
  /** Fingerprint of the master key that this process was started with. */
  readonly startedWith: string
  /**
   * Puts a secret away, in the transaction of its record; gives its id, for the record to keep. `boundTo` names the
   * record, such as `database-account:12`: only with the same words it comes out again.
   */
  store(tx: DbOrTx, boundTo: string, secret: Secret): Promise<string>
  /** Throws a VaultError when it is missing, was altered, or belongs to another record. */
  open(db: DbOrTx, boundTo: string, id: string): Promise<Secret>
  /** Removes all secrets of a record but these. */
  forget(tx: DbOrTx, boundTo: string, keep?: readonly string[]): Promise<void>
}

export const createVault = (ring: KeyRing, clock: Clock): Vault => ({
  startedWith: ring.own,

  store: (tx, boundTo, secret) =>
    inTransaction(tx, async held => {
      const clear = secret.expose()
      if (!clear.isWellFormed())
        throw new VaultError(`The secret of ${boundTo} holds half a character, which can't be kept.`)
      const { id: key_id, key } = await ring.current(held)
      const id = newId()
      const own = randomBytes(32)
      await held
        .insertInto('secrets')
        .values(eb => ({
          id,
          bound_to: boundTo,
          version: eb
            .selectFrom('secrets')
            .where('bound_to', '=', boundTo)
            .select(e => e(e.fn.coalesce(e.fn.max('version'), e.lit(0)), '+', e.lit(1)).as('next')),
          key_id,
          wrapped_key: seal(key, own, wrapOf(id)),
          ciphertext: seal(own, Buffer.from(clear, 'utf8'), contentOf(id, boundTo)),
          created_at: nowInstant(clock),
        }))
        .execute()
      return id
    }),

  async open(db, boundTo, id) {
    const row = await db
      .selectFrom('secrets')
      .selectAll()
      .where('id', '=', id)
      .where('bound_to', '=', boundTo)
      .executeTakeFirst()
    if (!row) throw new VaultError(`The secret of ${boundTo} is not in the vault.`)
    return openRow(db, ring, row)
  },

  async forget(tx, boundTo, keep = []) {
    const all = tx.deleteFrom('secrets').where('bound_to', '=', boundTo)
    await (keep.length === 0 ? all : all.where('id', 'not in', [...keep])).execute()
  },
})

/** What a row keeps. Throws a VaultError that says why it can't be had. */
export async function openRow(
  db: DbOrTx,
  ring: Pick<KeyRing, 'find'>,
  { id, bound_to, key_id, wrapped_key, ciphertext }: Row<'secrets'>,
): Promise<Secret> {
  const master = await ring.find(db, key_id)
  if (!master)
    throw new VaultError(
      `The secret of ${bound_to} is encrypted with the master key ${key_id}, which this process does not have.`,
    )
  try {
    const own = unseal(master.key, wrapped_key, wrapOf(id))
    return new Secret(unseal(own, ciphertext, contentOf(id, bound_to)).toString('utf8'))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new VaultError(`The secret of ${bound_to} can't be opened: ${error.message}`)
  }
}

/** The key in use is held until what is wrapped with it is committed. */
const inTransaction = <T>(db: DbOrTx, work: (tx: DbOrTx) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work)

/** What a wrapped key is bound to: rotation wraps it anew and leaves the content alone. */
export const wrapOf = (id: string) => `key of ${id}`
const contentOf = (id: string, boundTo: string) => `${id} of ${boundTo}`
