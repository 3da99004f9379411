import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { randomToken } from '../ids.ts'
import { storedSettings, storeIfAbsent } from '../stored-settings.ts'

const name = 'signing key'
const keys = new WeakMap<object, Promise<string>>()

/**
 * Signs a text for one purpose, 128 bits, base64url. The key is random, made once and kept with the settings,
 * so that every node of one database agrees.
 */
export async function sign(deps: Pick<Deps, 'db'>, purpose: string, text: string): Promise<string> {
  const mac = createHmac('sha256', await keyOf(deps)).update(`${purpose}\n${text}`)
  return mac.digest().subarray(0, 16).toString('base64url')
}

export async function isSigned(deps: Pick<Deps, 'db'>, purpose: string, text: string, signature: string) {
  const right = Buffer.from(await sign(deps, purpose, text))
  const given = Buffer.from(signature)
  return right.length === given.length && timingSafeEqual(right, given)
}

/** `text.signature`, for a cookie. */
export const seal = async (deps: Pick<Deps, 'db'>, purpose: string, text: string) => {
  const encoded = Buffer.from(text).toString('base64url')
  return `${encoded}.${await sign(deps, purpose, encoded)}`
}

/** The text of a seal, or null when it is not one of ours. */
export async function unseal(deps: Pick<Deps, 'db'>, purpose: string, sealed: string | undefined) {
  const [encoded = '', signature = ''] = (sealed ?? '').split('.')
  if (!(await isSigned(deps, purpose, encoded, signature))) return null
  return Buffer.from(encoded, 'base64url').toString()
}

function keyOf({ db }: Pick<Deps, 'db'>): Promise<string> {
  const known = keys.get(db)
  if (known) return known
  const key = readOrMakeKey(db)
  keys.set(db, key)
  // A database that was away for a moment must not be remembered as a key that failed.
  key.catch(() => keys.delete(db))
  return key
}

async function readOrMakeKey(db: Deps['db']): Promise<string> {
  await storeIfAbsent(db, name, randomToken())
  const key = (await storedSettings(db, [name])).get(name)
  if (key === undefined) throw new Error('The signing key was stored and is not there.')
  return key
}
