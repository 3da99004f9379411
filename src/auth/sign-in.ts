import type { Cookie } from 'lucia'
import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { loginKey } from '../people/login-id.ts'
import { fail, ok, type Result } from '../result.ts'
import { verifyPassword } from './passwords.ts'
import { recordOwnAct } from './record-own-act.ts'
import type { SessionOrigin } from './session-adapter.ts'
import { endSessionOfCookie, startSession } from './sessions.ts'
import { bucketsOf, type Counted, countAttempt, forgive } from './sign-in-limit.ts'

/** Where a request comes from, and the session cookie it brought. */
export interface Visit extends SessionOrigin {
  cookieHeader: string
  requestId: string
}

export type Person = Pick<Row<'persons'>, 'id' | 'role' | 'login_id' | 'status' | 'password_hash'>

/** Signs a person in with Login ID and password. Says no in the same words, after the same work, whatever is wrong. */
export async function signIn(
  deps: Deps,
  loginId: string,
  password: string,
  visit: Visit,
): Promise<Result<Cookie>> {
  const person = await findPersonByLogin(deps, loginId)
  const proof = await provePassword(deps, loginId, person, password, visit)
  if (!proof.ok) return proof
  return deps.db.transaction().execute(async tx => {
    if (!(await stillHolds(tx, proof.value.person))) return noMatch
    await forgive(tx, deps.clock, proof.value.attempt)
    return ok(await enter(tx, deps, proof.value.person, visit, 'password'))
  })
}

/** Hashing takes its time: a password that was changed meanwhile, or a person deactivated, opens nothing any more. */
export const stillHolds = async (tx: Tx, { id, password_hash }: Person): Promise<boolean> =>
  (await tx
    .selectFrom('persons')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'ACTIVE')
    .where('password_hash', '=', password_hash)
    .executeTakeFirst()) !== undefined

/** A new session with a new id, whatever the browser brought along. */
export async function enter(
  tx: Tx,
  deps: Deps,
  person: Pick<Person, 'id' | 'role'>,
  visit: Visit,
  how: 'password' | 'link' | 'openid',
): Promise<Cookie> {
  await endSessionOfCookie(tx, deps, visit.cookieHeader)
  await recordOwnAct(tx, deps, person, 'person signed in', visit.requestId, { how, address: visit.address })
  return startSession(tx, deps, person.id, visit)
}

interface Proof {
  person: Person
  attempt: Extract<Counted, { kind: 'counted' }>
}

/**
 * Whether the password is this person's, within the limits on failed attempts. The caller forgives the attempt in
 * the transaction of what follows.
 */
export async function provePassword(
  deps: Deps,
  loginId: string,
  person: Person | undefined,
  password: string,
  visit: Pick<Visit, 'address' | 'requestId'>,
): Promise<Result<Proof>> {
  const attempt = await countAttempt(deps, bucketsOf(loginKey(loginId), visit.address))
  if (attempt.kind === 'wait') return tooMany(attempt.seconds)
  const active = person?.status === 'ACTIVE' ? person : undefined
  // The rules for new passwords have a limit; more than that need not be hashed.
  const right = await verifyPassword(active?.password_hash ?? null, password.slice(0, 1000)).catch(
    async error => {
      await deps.db.transaction().execute(tx => forgive(tx, deps.clock, attempt))
      throw error
    },
  )
  if (right && active) return ok({ person: active, attempt })
  await recordRefusal(deps, person, visit)
  return noMatch
}

const noMatch = fail({
  kind: 'forbidden',
  message:
    'Login ID and password don’t match an active person. Check both, or choose “Forgotten your password?”.',
})

export const findPersonByLogin = (deps: Pick<Deps, 'db'>, loginId: string): Promise<Person | undefined> =>
  deps.db
    .selectFrom('persons')
    .select(['id', 'role', 'login_id', 'status', 'password_hash'])
    .where('login_key', '=', loginKey(loginId))
    .executeTakeFirst()

export const tooMany = (seconds: number) =>
  fail({
    kind: 'too_many',
    message: `There were many attempts. Wait ${inWords(seconds)}, then try again. If you have forgotten your password, ask for a link to set a new one.`,
    retryAfterSeconds: seconds,
  })

const inWords = (seconds: number) =>
  seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`

/** Also of nobody, so that it takes as long. What was typed stays out of it: it may be a password. */
const recordRefusal = (
  deps: Deps,
  person: Person | undefined,
  { address, requestId }: Pick<Visit, 'address' | 'requestId'>,
) =>
  deps.db
    .transaction()
    .execute(tx =>
      record(
        tx,
        deps.clock,
        { id: null, role: 'SYSTEM' },
        'sign-in refused',
        { type: 'person', id: person?.id ?? 'unknown' },
        { address },
        requestId,
      ),
    )
