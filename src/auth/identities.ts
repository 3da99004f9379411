import type { JWTPayload } from 'jose'
import type { Cookie } from 'lucia'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { LiveSession } from '../http/env.ts'
import { loginKey } from '../people/login-id.ts'
import { forbidden, ok, type Result } from '../result.ts'
import { recordOwnAct } from './record-own-act.ts'
import { markIdentified } from './sessions.ts'
import { enter, type Person, type Visit } from './sign-in.ts'

interface Identity {
  issuer: string
  subject: string
  /** Only an address that the provider has verified. */
  email: string | null
}

const identityOf = (claims: JWTPayload): Identity => ({
  issuer: claims.iss ?? '',
  subject: claims.sub ?? '',
  email: claims.email_verified === true && typeof claims.email === 'string' ? claims.email : null,
})

/** Signs in the person behind verified claims. */
export async function signInByIdentity(
  deps: Deps,
  claims: JWTPayload,
  visit: Visit,
): Promise<Result<Cookie>> {
  const identity = identityOf(claims)
  return deps.db.transaction().execute(async tx => {
    const known = await personOfIdentity(tx, identity)
    const person = known ?? (await linkByEmail(tx, deps, identity, visit.requestId))
    if (person?.status !== 'ACTIVE') return forbidden(nobody)
    return ok(await enter(tx, deps, person, visit, 'openid'))
  })
}

/** Proves again, through the provider, that the same person is there. */
export async function identifyByIdentity(
  deps: Deps,
  session: LiveSession,
  claims: JWTPayload,
  requestId: string,
): Promise<Result<void>> {
  return deps.db.transaction().execute(async tx => {
    const person = await personOfIdentity(tx, identityOf(claims))
    if (person?.id !== session.personId)
      return forbidden('The provider answered for someone else. Identify as yourself.')
    await markIdentified(tx, deps.clock, session.idHash)
    await recordOwnAct(tx, deps, person, 'person identified again', requestId, { how: 'openid' })
    return ok(undefined)
  })
}

const nobody =
  'The provider knows you, but the portal has no active person with your verified e-mail address as Login ID. Ask your manager to add you, or sign in with Login ID and password.'

const personOfIdentity = (tx: Tx, { issuer, subject }: Identity): Promise<Person | undefined> =>
  tx
    .selectFrom('identities')
    .innerJoin('persons', 'persons.id', 'identities.person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .select(['persons.id', 'role', 'login_id', 'status', 'password_hash'])
    .executeTakeFirst()

/**
 * The first time, a verified address that is a Login ID names the person; from then on only the subject does.
 * A person who has a subject there already is not given to another one: addresses get reassigned.
 */
async function linkByEmail(
  tx: Tx,
  deps: Deps,
  identity: Identity,
  requestId: string,
): Promise<Person | undefined> {
  if (identity.email === null) return undefined
  const person = await tx
    .selectFrom('persons')
    .select(['id', 'role', 'login_id', 'status', 'password_hash'])
    .where('login_key', '=', loginKey(identity.email))
    .where('status', '=', 'ACTIVE')
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('identities')
            .select('subject')
            .whereRef('identities.person_id', '=', 'persons.id')
            .where('issuer', '=', identity.issuer),
        ),
      ),
    )
    .executeTakeFirst()
  if (!person || !isSameAddress(person.login_id, identity.email)) return undefined
  const { issuer, subject } = identity
  await tx
    .insertInto('identities')
    .values({ issuer, subject, person_id: person.id, created_at: nowInstant(deps.clock) })
    .execute()
  await recordOwnAct(tx, deps, person, 'identity linked', requestId, { issuer, subject })
  return person
}

/** Stricter than for who types their own Login ID: full-width and ordinary letters are two mailboxes of two people. */
const isSameAddress = (a: string, b: string) => asciiLower(a) === asciiLower(b)
const asciiLower = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
