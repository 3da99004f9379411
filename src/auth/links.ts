import type { Row } from '../../db/schema.ts'
import { firstSignIn } from '../../views/emails/first-sign-in.ts'
import { reset } from '../../views/emails/reset.ts'
import { after, days, hours, nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { randomToken, tokenHash } from '../ids.ts'
import { enqueueMail } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { setPasswordHash } from '../people/credentials.ts'
import { lockPersons } from '../people/lock-persons.ts'
import { invalid, notFound, ok, type Result } from '../result.ts'
import { passwordProblem } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { recordOwnAct } from './record-own-act.ts'
import { endSessions, tellStreams } from './sessions.ts'

export type LinkPurpose = Row<'link_tokens'>['purpose']
/** Links that let a person set a password. */
export type PasswordPurpose = Extract<LinkPurpose, 'first-sign-in' | 'reset'>

/** File name under views/emails is the purpose. */
const mailTexts = { 'first-sign-in': firstSignIn, reset }

const lifetime = {
  'first-sign-in': days(7),
  reset: hours(2),
  'set-up': days(1),
  decision: days(14),
  'confirm-email': days(7),
} as const satisfies Record<LinkPurpose, number>

/**
 * Mails a person a single-use link, in the transaction of the act that calls for it; their older links of this
 * purpose stop working. Call deps.wake() after the commit.
 */
export async function issueLink(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  personId: string,
  purpose: PasswordPurpose,
): Promise<void> {
  const person = await tx
    .selectFrom('persons')
    .select(['login_id', 'display_name', 'primary_email'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  const link = await newLink(tx, deps, personId, purpose)
  await enqueueMail(tx, deps, {
    toAddress: person.primary_email,
    toPerson: personId,
    template: purpose,
    ...mailTexts[purpose](person.display_name, person.login_id),
    link,
    about: { type: 'person', id: personId },
  })
}

/** What a link of some purposes is about. */
interface LinkSubject {
  /** decision */
  accessId?: number
  /** confirm-email, and who asked for it. */
  newEmail?: string
  askedBy?: string
}

/** A fresh link's full address. Only its hash is kept here. Older ones of the same kind stop working. */
export async function newLink(
  tx: Tx,
  { clock, config }: Pick<Deps, 'clock' | 'config'>,
  personId: string | null,
  purpose: LinkPurpose,
  { accessId, newEmail, askedBy }: LinkSubject = {},
): Promise<string> {
  const now = nowInstant(clock)
  const token = randomToken()
  const older = tx
    .updateTable('link_tokens')
    .set({ used_at: now })
    .where('person_id', personId === null ? 'is' : '=', personId)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
  await (accessId === undefined ? older : older.where('access_id', '=', accessId)).execute()
  await tx
    .insertInto('link_tokens')
    .values({
      token_hash: tokenHash(token),
      person_id: personId,
      purpose,
      access_id: accessId ?? null,
      new_email: newEmail ?? null,
      asked_by: askedBy ?? null,
      expires_at: after(now, lifetime[purpose]),
      used_at: null,
      created_at: now,
    })
    .execute()
  return `${config.PUBLIC_URL}${purpose === 'decision' ? paths.decision(token) : paths.link(token)}`
}

export interface OpenLink {
  purpose: Exclude<LinkPurpose, 'decision'>
  person: Pick<Row<'persons'>, 'id' | 'role' | 'login_id' | 'display_name' | 'status'> | null
  /** confirm-email */
  newEmail: string | null
  askedBy: string | null
}

/** What a link is for, if it can still be used; looking changes nothing. Decision links have pages of their own. */
export async function findLink(
  db: DbOrTx,
  deps: Pick<Deps, 'clock'>,
  token: string,
): Promise<OpenLink | null> {
  const row = await db
    .selectFrom('link_tokens')
    .leftJoin('persons', 'persons.id', 'link_tokens.person_id')
    .where('token_hash', '=', tokenHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowInstant(deps.clock))
    .select(['purpose', 'new_email', 'asked_by', 'id', 'role', 'login_id', 'display_name', 'status'])
    .executeTakeFirst()
  if (!row || row.purpose === 'decision') return null
  const { purpose, id, role, login_id, display_name, status } = row
  if (purpose === 'set-up') return { purpose, person: null, newEmail: null, askedBy: null }
  const person = id && role && login_id && display_name && status
  if (!person || status === 'INACTIVE') return null
  return {
    purpose,
    person: { id, role, login_id, display_name, status },
    newEmail: row.new_email,
    askedBy: row.asked_by,
  }
}

/** Uses the link up: sets the person's password and ends their sessions. */
export async function setPasswordByLink(
  deps: Deps,
  token: string,
  password: string,
  requestId: string,
): Promise<Result<NonNullable<OpenLink['person']>>> {
  const link = await findLink(deps.db, deps, token)
  if (!link?.person || link.purpose === 'confirm-email') return notFound()
  const { person, purpose } = link
  const wrong = passwordProblem(password, person.login_id)
  if (wrong) return invalid({ password: wrong })
  const hash = await hashPassword(password)
  const result = await deps.db.transaction().execute(async tx => {
    await lockPersons(tx, deps, [person.id])
    if (!(await useUp(tx, deps, token))) return notFound()
    await setPasswordHash(tx, deps, person.id, hash)
    await revokeAccountLinks(tx, deps, person.id)
    await endSessions(tx, deps.clock, person.id)
    await recordOwnAct(tx, deps, person, 'password set by link', requestId, { purpose })
    return ok(person)
  })
  tellStreams(deps, person.id)
  return result
}

/** Of two at once, one gets it. */
export async function useUp(tx: Tx, { clock }: Pick<Deps, 'clock'>, token: string): Promise<boolean> {
  const now = nowInstant(clock)
  const { numUpdatedRows } = await tx
    .updateTable('link_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** How many links of some purposes were issued for a person in the last hour, whatever became of them. */
export async function linksOfLastHour(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  personId: string,
  purposes: readonly LinkPurpose[],
): Promise<number> {
  const { issued } = await tx
    .selectFrom('link_tokens')
    .where('person_id', '=', personId)
    .where('purpose', 'in', [...purposes])
    .where('created_at', '>', after(clock.now(), -hours(1)))
    .select(eb => eb.fn.countAll<number>().as('issued'))
    .executeTakeFirstOrThrow()
  return Number(issued)
}

/** All links that a person still has stop working: they are no longer there to use them. */
export const revokeLinks = async (tx: Tx, deps: Pick<Deps, 'clock'>, personId: string): Promise<void> => {
  await openLinksOf(tx, deps, personId).execute()
}

/**
 * Links to one's account stop working, also one that would confirm another address: whoever sets a password anew may
 * do so because somebody else was at their account. What waits for their decision goes on waiting.
 */
export const revokeAccountLinks = async (
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  personId: string,
): Promise<void> => {
  await openLinksOf(tx, deps, personId).where('purpose', '!=', 'decision').execute()
}

const openLinksOf = (tx: Tx, { clock }: Pick<Deps, 'clock'>, personId: string) =>
  tx
    .updateTable('link_tokens')
    .set({ used_at: nowInstant(clock) })
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
