import type { Clock } from '../../src/clock.ts'
import type { Db, Engine } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import { noteFirstKey } from '../../src/vault/key-rows.ts'
import { type MasterKey, readMasterKey } from '../../src/vault/master-key.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'

/** As MASTER_KEY has it; the same in every test, so that programs which a test starts read what it has stored. */
export const testMasterKey = Buffer.alloc(32, 7).toString('base64')

export const testVault = (clock: Clock, engine: Engine): Vault =>
  createVault(keyRing(masterKey(testMasterKey), engine), clock)

/** As the first start of the portal does. */
export const noteTestKey = (db: Db, clock: Clock) => noteFirstKey(db, clock, masterKey(testMasterKey))

export function masterKey(text: string): MasterKey {
  const key = readMasterKey(new Secret(text))
  if (!key) throw new Error('The key of the tests is none.')
  return key
}
