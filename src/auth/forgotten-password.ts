import { addressPrefix } from '../address-prefix.ts'
import { record } from '../audit/record.ts'
import { after, minutes, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { tokenHash } from '../ids.ts'
import { loginKey } from '../people/login-id.ts'
import { ok, type Result } from '../result.ts'
import { issueLink } from './links.ts'
import { findPersonByLogin, type Person, tooMany, type Visit } from './sign-in.ts'
import { countAttempt } from './sign-in-limit.ts'

/** One mail is enough for a while, however often it is asked for. */
const atMostEvery = minutes(5)

/** Mails a link to set a new password. The answer is the same whether the person exists. */
export async function requestNewPassword(
  deps: Deps,
  loginId: string,
  visit: Pick<Visit, 'address' | 'requestId'>,
): Promise<Result<void>> {
  const prefix = addressPrefix(visit.address)
  const attempt = await countAttempt(deps, {
    login: `reset:${tokenHash(loginKey(loginId))}|${prefix}`,
    prefix: `reset:${prefix}`,
  })
  if (attempt.kind === 'wait') return tooMany(attempt.seconds)
  const person = await findPersonByLogin(deps, loginId)
  await deps.db.transaction().execute(async tx => {
    const sent = await sendLink(tx, deps, person)
    // In the trail in any case: asking for nobody must not be quicker.
    const verb = sent ? 'password link sent' : 'password link refused'
    const subject = { type: 'person', id: person?.id ?? 'unknown' } as const
    await record(tx, deps.clock, { id: null, role: 'SYSTEM' }, verb, subject, sent ?? {}, visit.requestId)
  })
  deps.wake()
  return ok(undefined)
}

/** Null when there is nobody to send one to, or one is on its way. */
async function sendLink(tx: Tx, deps: Deps, person: Person | undefined) {
  // Who is PENDING CREATE gets their first link without asking, in a moment.
  if (person?.status !== 'ACTIVE' || (await sentLately(tx, deps, person.id))) return null
  const purpose = person.password_hash === null ? 'first-sign-in' : 'reset'
  await issueLink(tx, deps, person.id, purpose)
  return { purpose }
}

const sentLately = async (tx: Tx, { clock }: Deps, personId: string) =>
  (await tx
    .selectFrom('link_tokens')
    .select('token_hash')
    .where('person_id', '=', personId)
    .where('purpose', 'in', ['first-sign-in', 'reset'])
    .where('created_at', '>', after(nowInstant(clock), -atMostEvery))
    .where('used_at', 'is', null)
    .executeTakeFirst()) !== undefined
