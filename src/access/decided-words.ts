import type { Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { startWords } from '../service-requests/requested-start.ts'
import type { Access } from './change-access.ts'
import { personWords } from './mail-about-access.ts'

export const isUndecided = (access: Pick<Access, 'status' | 'decision'>) =>
  access.status === 'PROCESSING' && access.decision === null

export const notYours =
  'You can’t decide about this request: you requested it, changed it, it is for you, or you stand in for somebody of whom that is true; or it was not escalated to operators.'

/** Why a request that somebody sees does not wait for them. */
export async function whySettled(db: DbOrTx, reader: Actor, id: number): Promise<string> {
  const access = await db.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return isUndecided(access) ? notYours : decidedWords(db, reader, access)
}

/** Who decided when, or what else has ended the wait for a decision, as a sentence for this reader. */
export async function decidedWords(db: DbOrTx, reader: Actor, access: Access): Promise<string> {
  const on = (at: Instant | null) => (at === null ? '' : ` on ${startWords(at, reader.timeZone ?? 'UTC')}`)
  if (access.decision === null)
    return `It became ${access.status}${on(access.removed_at ?? access.removal_at)}. ${access.reason}`.trim()
  if (access.decided_by === null) return `It was ${access.decision}${on(access.decided_at)}. ${access.reason}`
  const who = await whoWords(db, access.decided_by)
  return `${who} decided ${access.decision}${on(access.decided_at)}.`
}

/** Who changed the request last, and when. */
export async function changedWords(db: DbOrTx, reader: Actor, access: Access): Promise<string> {
  if (access.edited_by === null || access.edited_at === null) return 'The request was changed.'
  const who = await whoWords(db, access.edited_by)
  return `${who} changed the request on ${startWords(access.edited_at, reader.timeZone ?? 'UTC')}.`
}

async function whoWords(db: DbOrTx, id: string): Promise<string> {
  const person = await db
    .selectFrom('persons')
    .select(['display_name', 'role'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (person?.role === 'OPERATOR') return 'An operator'
  return personWords(id, person?.display_name ?? null, person?.role ?? null)
}
