import { sql } from 'kysely'
import type { Instant, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { type MailState, mailStates } from './mail-states.ts'

/** A mail without its text and link. */
export interface ListedMail {
  id: number
  to_address: string
  to_person: string | null
  subject: string
  template: string
  state: Row<'mails'>['state']
  attempts: number
  last_error: string | null
  created_at: Instant
  sent_at: Instant | null
}

export interface MailFilters {
  to?: string
  subject?: string
  state?: string
}

const listed = [
  'id',
  'to_address',
  'to_person',
  'subject',
  'template',
  'state',
  'attempts',
  'last_error',
  'created_at',
  'sent_at',
] as const

const order: ListOrder<ListedMail> = {
  sorts: { mail: { by: sql.ref('id'), of: mail => mail.id, type: 'number' } },
  id: { by: sql.ref('id'), of: mail => mail.id, type: 'number' },
  defaultSort: '-mail',
}

export async function mailList(
  db: DbOrTx,
  filters: MailFilters,
  asked: ListQuery,
): Promise<Listed<ListedMail>> {
  let query = db.selectFrom('mails').select(listed)
  if (filters.to) query = query.where(contains('to_address', filters.to))
  if (filters.subject) query = query.where(contains('subject', filters.subject))
  const state = mailStates.find(s => s === filters.state)
  if (state) query = query.where('state', '=', state)
  return listPage(db, query, order, asked)
}

export const findMail = (db: DbOrTx, id: number): Promise<Row<'mails'> | undefined> =>
  db.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst()

const contains = (column: 'to_address' | 'subject', typed: string) =>
  sql<boolean>`lower(${sql.ref(column)}) like ${`%${typed.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

/** Exact up to 1,000. */
export async function countMails(db: DbOrTx, state: MailState): Promise<number> {
  const some = db.selectFrom('mails').select('id').where('state', '=', state).limit(1000)
  const { mails } = await db
    .selectFrom(some.as('some'))
    .select(eb => eb.fn.countAll<number>().as('mails'))
    .executeTakeFirstOrThrow()
  return mails
}
