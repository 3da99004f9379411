import type { Instant, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, isOperator } from '../policy.ts'

/** The Work Log, newest first; operators' own notes only for operators. */
export const workLogOf = (db: DbOrTx, requestId: number, hiddenToo: boolean): Promise<Row<'work_log'>[]> => {
  const notes = db
    .selectFrom('work_log')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('id', 'desc')
    .limit(500)
  return (hiddenToo ? notes : notes.where('viewable', '=', 1)).execute()
}

export interface Communication {
  id: number
  /** null: to an operator, who is no person to a customer. */
  to: string | null
  subject: string
  body: string | null
  state: Row<'mails'>['state']
  last_error: string | null
  created_at: Instant
  sent_at: Instant | null
}

/** The Communication Log: every mail about the request with its delivery state, newest first. */
export async function communicationsOf(
  db: DbOrTx,
  requestId: number,
  viewer: Actor,
): Promise<Communication[]> {
  const rows = await db
    .selectFrom('mails')
    .leftJoin('persons', 'persons.id', 'mails.to_person')
    .select([
      'mails.id',
      'mails.to_address',
      'mails.subject',
      'mails.body',
      'mails.state',
      'mails.last_error',
      'mails.created_at',
      'mails.sent_at',
      'persons.role',
    ])
    .where('subject_type', '=', 'service-request')
    .where('subject_id', '=', String(requestId))
    .orderBy('mails.id', 'desc')
    .limit(200)
    .execute()
  return rows.map(({ to_address, body, role, last_error, ...mail }) => {
    const hidden = role === 'OPERATOR' && !isOperator(viewer)
    return {
      ...mail,
      to: hidden ? null : to_address,
      body: hidden ? null : body,
      last_error: isOperator(viewer) ? last_error : null,
    }
  })
}

/** What stands beside the id of an environment on a record. */
export const environmentOf = (db: DbOrTx, assetId: string) =>
  db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .where('assets.id', '=', assetId)
    .select([
      'assets.id',
      'assets.description',
      'assets.class',
      'customers.id as customer_id',
      'customers.name',
    ])
    .executeTakeFirstOrThrow()

/** Fields of an action, for the labels of what was entered. */
export const actionFieldsOf = async (db: DbOrTx, actionId: string): Promise<string> =>
  (await db.selectFrom('actions').select('fields').where('id', '=', actionId).executeTakeFirst())?.fields ??
  '[]'
