import type { Deps } from '../deps.ts'
import type { LiveSession } from '../http/env.ts'
import { setPasswordHash } from '../people/credentials.ts'
import { invalid, ok, type Result } from '../result.ts'
import { passwordProblem } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { recordOwnAct } from './record-own-act.ts'
import { endSessions, markIdentified, tellStreams } from './sessions.ts'
import { type Person, provePassword, stillHolds, type Visit } from './sign-in.ts'
import { forgive } from './sign-in-limit.ts'

/** Who has no password (they come through a provider) proves who they are there. */
export async function ownAccount(deps: Deps, personId: string): Promise<Person> {
  return deps.db
    .selectFrom('persons')
    .select(['id', 'role', 'login_id', 'status', 'password_hash'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
}

/** Sets a new password against the present one, and ends all other sessions. */
export async function changePassword(
  deps: Deps,
  session: LiveSession,
  { current, wanted }: { current: string; wanted: string },
  visit: Visit,
): Promise<Result<{ ended: number }>> {
  const person = await ownAccount(deps, session.personId)
  const wrong = passwordProblem(wanted, person.login_id)
  if (wrong) return invalid({ password: wrong })
  const proof = await provePassword(deps, person.login_id, person, current, visit)
  if (!proof.ok) return proof.problem.kind === 'forbidden' ? notYourPassword('current_password') : proof
  const hash = await hashPassword(wanted)
  const result = await deps.db.transaction().execute(async tx => {
    if (!(await stillHolds(tx, person))) return notYourPassword('current_password')
    await forgive(tx, deps.clock, proof.value.attempt)
    await setPasswordHash(tx, deps, person.id, hash)
    const ended = await endSessions(tx, deps.clock, person.id, { except: session.idHash })
    await markIdentified(tx, deps.clock, session.idHash)
    await recordOwnAct(tx, deps, person, 'password changed', visit.requestId)
    return ok({ ended })
  })
  tellStreams(deps, person.id)
  return result
}

/** Proves again who one is, for the next quarter of an hour. */
export async function identify(
  deps: Deps,
  session: LiveSession,
  password: string,
  visit: Visit,
): Promise<Result<void>> {
  const person = await ownAccount(deps, session.personId)
  const proof = await provePassword(deps, person.login_id, person, password, visit)
  if (!proof.ok) return proof.problem.kind === 'forbidden' ? notYourPassword('password') : proof
  return deps.db.transaction().execute(async tx => {
    if (!(await stillHolds(tx, person))) return notYourPassword('password')
    await forgive(tx, deps.clock, proof.value.attempt)
    await markIdentified(tx, deps.clock, session.idHash)
    await recordOwnAct(tx, deps, person, 'person identified again', visit.requestId)
    return ok(undefined)
  })
}

const notYourPassword = (field: string) => invalid({ [field]: 'This is not your password. Type it again.' })
