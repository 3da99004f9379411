import { type Cookie, Lucia, TimeSpan } from 'lucia'
import type { Instant } from '../../db/schema.ts'
import { type Clock, minutes, nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Visitor } from '../http/session.ts'
import { tokenHash } from '../ids.ts'
import {
  newSessionFacts,
  type PersonFacts,
  SessionAdapter,
  type SessionFacts,
  type SessionOrigin,
} from './session-adapter.ts'

declare module 'lucia' {
  interface Register {
    Lucia: OurLucia
    UserId: string
    DatabaseUserAttributes: PersonFacts
    DatabaseSessionAttributes: SessionFacts
  }
}
type OurLucia = Lucia<SessionFacts, Pick<Visitor, 'actor' | 'preferences'>>

/** Enough to see who is there, without a write for every request. */
const touchEvery = minutes(1)

/** Starts a session in the act of signing in; the cookie is the only place where its id stands. */
export async function startSession(
  tx: Tx,
  deps: Deps,
  personId: string,
  origin: SessionOrigin,
): Promise<Cookie> {
  const lucia = luciaOn(deps, tx)
  const session = await lucia.createSession(personId, newSessionFacts(deps.clock, origin))
  const cookie = lucia.createSessionCookie(session.id)
  // Without an age the cookie goes with the browser; how long it counts is decided here.
  cookie.attributes.maxAge = undefined
  return cookie
}

/** The cookie that takes a session's cookie away. */
export const blankSessionCookie = (deps: Deps): Cookie => luciaOn(deps).createBlankSessionCookie()

/** Who is behind a Cookie header: a session that is neither ended, idle too long nor too old, of an active person. */
export async function findVisitor(deps: Deps, cookieHeader: string): Promise<Visitor | null> {
  const lucia = luciaOn(deps)
  const id = lucia.readSessionCookie(cookieHeader)
  if (!id) return null
  const { session, user } = await lucia.validateSession(id)
  if (!session) return null
  await touch(deps, session)
  const { idHash, createdAt, identifiedAt } = session
  return {
    session: { idHash, personId: user.id, createdAt, identifiedAt },
    actor: user.actor,
    preferences: user.preferences,
  }
}

/** Ends the session of this cookie, whosever it is. */
export const endSessionOfCookie = async (tx: Tx, deps: Deps, cookieHeader: string) => {
  const lucia = luciaOn(deps, tx)
  const id = lucia.readSessionCookie(cookieHeader)
  if (id) await lucia.invalidateSession(id)
}

/** Ends all sessions of a person, in the act that asks for it; `except` stays. Gives how many ended. */
export async function endSessions(
  tx: Tx,
  clock: Clock,
  personId: string,
  { except, only }: { except?: string; only?: string } = {},
): Promise<number> {
  let query = tx
    .updateTable('sessions')
    .set({ ended_at: nowInstant(clock) })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
  if (except !== undefined) query = query.where('id_hash', '!=', except)
  if (only !== undefined) query = query.where('id_hash', '=', only)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

/** The person has just proved again who they are. */
export async function markIdentified(tx: Tx, clock: Clock, idHash: string) {
  await tx
    .updateTable('sessions')
    .set({ identified_at: nowInstant(clock) })
    .where('id_hash', '=', idHash)
    .where('ended_at', 'is', null)
    .execute()
}

/** A person's live sessions, the one used last first. */
export async function openSessions(deps: Deps, personId: string): Promise<SessionFacts[]> {
  const sessions = await luciaOn(deps).getUserSessions(personId)
  return sessions.sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))
}

async function touch(deps: Deps, session: { id: string; lastSeenAt: Instant }) {
  const { db, clock, config } = deps
  if (clock.now().getTime() - Date.parse(session.lastSeenAt) < touchEvery) return
  await db
    .updateTable('sessions')
    .set({ last_seen_at: nowInstant(clock), expires_at: new SessionAdapter(db, clock, config).idleEnd() })
    .where('id_hash', '=', tokenHash(session.id))
    .where('ended_at', 'is', null)
    .execute()
}

/** lucia on a database, or on the transaction of an act. */
const luciaOn = ({ db, clock, config }: Deps, on: DbOrTx = db): OurLucia =>
  new Lucia(new SessionAdapter(on, clock, config), {
    sessionExpiresIn: new TimeSpan(config.SESSION_IDLE, 'm'),
    sessionCookie: {
      name: `${config.secure ? '__Host-' : ''}gatehouse_session`,
      attributes: { secure: config.secure, sameSite: 'lax', path: '/' },
    },
    getSessionAttributes: facts => facts,
    getUserAttributes: person => ({
      actor: {
        id: person.person_id,
        role: person.role,
        name: person.display_name,
        managingCustomerId: person.managing_customer_id,
        timeZone: person.time_zone,
      },
      preferences: { theme: person.theme, shortcuts: person.shortcuts === 1 },
    }),
  })

/** What open streams of a person listen to. */
export const sessionsTopic = (personId: string) => `person:${personId}`

/** Open streams look at session and rights again at once. Call it after the commit. */
export const tellStreams = (deps: Pick<Deps, 'announce'>, personId: string) =>
  deps.announce(sessionsTopic(personId))
