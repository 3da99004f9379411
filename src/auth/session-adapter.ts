import { sql } from 'kysely'
import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia'
import type { Instant, Row } from '../../db/schema.ts'
import { type Clock, minutes, nowInstant } from '../clock.ts'
import type { Config } from '../config.ts'
import type { DbOrTx } from '../deps.ts'
import { tokenHash } from '../ids.ts'
import { plannedOnce } from '../planned-once.ts'

/** What a new session is told; the rest comes from the clock. */
export interface SessionOrigin {
  userAgent: string
  address: string
}

/** What lucia carries along of a session. */
export interface SessionFacts extends SessionOrigin {
  /** Empty until it is stored: the id is lucia's to make. */
  idHash: string
  createdAt: Instant
  identifiedAt: Instant
  lastSeenAt: Instant
}

export const newSessionFacts = (clock: Clock, { userAgent, address }: SessionOrigin): SessionFacts => {
  const now = nowInstant(clock)
  const times = { createdAt: now, identifiedAt: now, lastSeenAt: now }
  return { ...times, idHash: '', userAgent: userAgent.slice(0, 300), address }
}

/** What lucia carries along of a person. */
export type PersonFacts = { person_id: string } & Pick<
  Row<'persons'>,
  'role' | 'display_name' | 'managing_customer_id' | 'time_zone' | 'theme' | 'shortcuts'
>

type Limits = Pick<Config, 'SESSION_IDLE' | 'SESSION_ABSOLUTE'>

/**
 * lucia's view of our sessions table, which holds only hashes of session ids.
 * lucia reads the computer's clock: expiries are shifted by how far ours is from it, both ways.
 * Ended sessions stay as rows for a day, so nothing here deletes.
 */
export class SessionAdapter implements Adapter {
  readonly #db: DbOrTx
  readonly #clock: Clock
  readonly #limits: Limits
  constructor(db: DbOrTx, clock: Clock, limits: Limits) {
    this.#db = db
    this.#clock = clock
    this.#limits = limits
  }

  async getSessionAndUser(id: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    // As text: each request asks it, and putting it together by its columns costs more than its answer.
    const { rows } = await sql<Row<'sessions'> & PersonFacts & Pick<Row<'persons'>, 'status'>>`
      select sessions.*, status, role, display_name, managing_customer_id, time_zone, theme, shortcuts
      from sessions join persons on persons.id = sessions.person_id
      where id_hash = ${plannedOnce(tokenHash(id))} and ended_at is null`.execute(this.#db)
    const [row] = rows
    if (!row) return [null, null]
    const session = { ...this.#toLucia(row), id }
    // A session without a user is ended by lucia, which is what becomes of one whose person is not active.
    return [session, row.status === 'ACTIVE' ? { id: row.person_id, attributes: row } : null]
  }

  async setSession({ id, userId, attributes }: DatabaseSession): Promise<void> {
    await this.#db
      .insertInto('sessions')
      .values({
        id_hash: tokenHash(id),
        person_id: userId,
        expires_at: this.idleEnd(),
        created_at: attributes.createdAt,
        identified_at: attributes.identifiedAt,
        last_seen_at: attributes.lastSeenAt,
        ended_at: null,
        user_agent: attributes.userAgent,
        address: attributes.address,
      })
      .execute()
  }

  /** Does nothing: lucia would write only past half the idle time, and near the absolute limit each time. See `touch`. */
  async updateSessionExpiration(): Promise<void> {}

  async deleteSession(id: string): Promise<void> {
    await this.#end().where('id_hash', '=', tokenHash(id)).execute()
  }

  async deleteUserSessions(personId: string): Promise<void> {
    await this.#end().where('person_id', '=', personId).execute()
  }

  async deleteExpiredSessions(): Promise<void> {
    await this.#end().where('expires_at', '<=', this.#clock.now().getTime()).execute()
  }

  /** Ids of other sessions can't be known from their hashes; a hash is no valid id. */
  async getUserSessions(personId: string): Promise<DatabaseSession[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .selectAll()
      .where('person_id', '=', personId)
      .where('ended_at', 'is', null)
      .execute()
    return rows.map(this.#toLucia)
  }

  /** When a session used now ends if it is not used again. */
  idleEnd = () => this.#clock.now().getTime() + minutes(this.#limits.SESSION_IDLE)

  #toLucia = (row: Row<'sessions'>): DatabaseSession => ({
    id: row.id_hash,
    userId: row.person_id,
    expiresAt: this.#forLucia(Math.min(row.expires_at, this.#absoluteEnd(row.created_at))),
    attributes: {
      idHash: row.id_hash,
      createdAt: row.created_at,
      identifiedAt: row.identified_at,
      lastSeenAt: row.last_seen_at,
      userAgent: row.user_agent,
      address: row.address,
    },
  })

  #absoluteEnd = (createdAt: Instant) => Date.parse(createdAt) + minutes(this.#limits.SESSION_ABSOLUTE)

  #forLucia = (ms: number) => new Date(Date.now() + (ms - this.#clock.now().getTime()))

  #end = () =>
    this.#db
      .updateTable('sessions')
      .set({ ended_at: nowInstant(this.#clock) })
      .where('ended_at', 'is', null)
}
