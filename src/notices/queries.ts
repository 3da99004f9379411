import { type SqlBool, sql } from 'kysely'
import type { Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { type Sight, sightOf } from '../service-requests/visible.ts'

/** A post of the Bulletin Board, as one person sees it. */
export interface VisibleNotice {
  id: number
  subject: string
  message: string
  customer_id: string | null
  posted_at: Instant
  expires_at: Instant | null
  viewed_at: Instant | null
}

/** Posts for everyone and for the person's customers, the newest first, until they expire. */
export const visibleNotices = async (
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  limit = 100,
): Promise<VisibleNotice[]> =>
  noticesFor(db, actor, now, await sightOf(db, actor))
    .orderBy('notices.posted_at', 'desc')
    .orderBy('notices.id', 'desc')
    .limit(limit)
    .execute()

export const findVisibleNotice = async (
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  id: number,
): Promise<VisibleNotice | undefined> =>
  noticesFor(db, actor, now, await sightOf(db, actor))
    .where('notices.id', '=', id)
    .executeTakeFirst()

function noticesFor(db: DbOrTx, actor: Actor, now: Instant, sight: Sight) {
  return db
    .selectFrom('notices')
    .leftJoin('notice_views', join =>
      join.onRef('notice_views.notice_id', '=', 'notices.id').on('notice_views.person_id', '=', actor.id),
    )
    .where(eb => eb.or([eb('notices.expires_at', 'is', null), eb('notices.expires_at', '>', now)]))
    .where(forCustomers(sight))
    .select([
      'notices.id',
      'notices.subject',
      'notices.message',
      'notices.customer_id',
      'notices.posted_at',
      'notices.expires_at',
      'notice_views.viewed_at',
    ])
}

const forCustomers = (sight: Sight) =>
  sight === 'all'
    ? sql<SqlBool>`1 = 1`
    : sight.length === 0
      ? sql<SqlBool>`notices.customer_id is null`
      : sql<SqlBool>`(notices.customer_id is null or notices.customer_id in (${sql.join(sight)}))`

/** All posts, expired ones too: for operators. */
export const allNotices = (db: DbOrTx, limit = 200) =>
  db
    .selectFrom('notices')
    .leftJoin('persons', 'persons.id', 'notices.posted_by')
    .orderBy('notices.posted_at', 'desc')
    .orderBy('notices.id', 'desc')
    .limit(limit)
    .select(eb => [
      'notices.id',
      'notices.subject',
      'notices.customer_id',
      'notices.posted_at',
      'notices.expires_at',
      'persons.display_name as posted_by_name',
      eb
        .selectFrom('notice_views')
        .whereRef('notice_id', '=', 'notices.id')
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('views'),
    ])
    .execute()

export const findNotice = (db: DbOrTx, id: number) =>
  db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
