import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { endSessions, tellStreams } from '../auth/sessions.ts'
import type { Deps } from '../deps.ts'
import type { LiveSession, Preferences } from '../http/env.ts'
import type { Actor } from '../policy.ts'
import { conflict, ok, type Result } from '../result.ts'
import { pendingEmailOf } from './visible-person.ts'

export interface Profile {
  loginId: string
  firstName: string
  lastName: string
  email: string
  /** A Primary Email that waits for its confirmation. */
  pendingEmail: string | null
  timeZone: string
  theme: Preferences['theme']
  shortcuts: boolean
  mutedMails: readonly string[]
  hasPassword: boolean
  /** Of the Customer Access List: id and name. */
  customers: readonly string[]
}

export async function findProfile({ db }: Pick<Deps, 'db'>, personId: string): Promise<Profile> {
  const row = await db.selectFrom('persons').selectAll().where('id', '=', personId).executeTakeFirstOrThrow()
  return {
    loginId: row.login_id,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.primary_email,
    pendingEmail: await pendingEmailOf(db, personId),
    timeZone: row.time_zone ?? 'UTC',
    theme: row.theme,
    shortcuts: row.shortcuts === 1,
    mutedMails: JSON.parse(row.muted_mails) as string[],
    hasPassword: row.password_hash !== null,
    customers: await customersOf(db, personId),
  }
}

/** Person Information has all of a longer list. */
const shownCustomers = 50

async function customersOf(db: Deps['db'], personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('customer_access')
    .innerJoin('customers', 'customers.id', 'customer_access.customer_id')
    .where('customer_access.person_id', '=', personId)
    .orderBy('customers.id')
    .limit(shownCustomers + 1)
    .select(['customers.id', 'customers.name'])
    .execute()
  const shown = rows.slice(0, shownCustomers).map(row => `${row.id} ${row.name}`)
  return rows.length > shownCustomers ? [...shown, '…'] : shown
}

export interface Wishes {
  timeZone: string
  theme: Preferences['theme']
  shortcuts: boolean
  mutedMails: readonly string[]
}

/** How the person wants times, pages and mails. What is not given stays. */
export async function changePreferences(
  deps: Deps,
  actor: Actor,
  wishes: Partial<Wishes>,
): Promise<Result<void>> {
  return deps.db.transaction().execute(async tx => {
    const before = await tx
      .selectFrom('persons')
      .select(['time_zone', 'theme', 'shortcuts', 'muted_mails'])
      .where('id', '=', actor.id)
      .executeTakeFirstOrThrow()
    const wanted = columnsOf(wishes)
    const changes = changesOf(before, { ...before, ...wanted })
    if (Object.keys(changes).length === 0) return ok(undefined)
    await tx.updateTable('persons').set(wanted).where('id', '=', actor.id).execute()
    await record(tx, deps.clock, actor, 'preferences changed', { type: 'person', id: actor.id }, changes)
    return ok(undefined)
  })
}

/** Ends one of one's own sessions, or all of them. Gives how many ended. */
export async function signOutSessions(
  deps: Deps,
  actor: Actor,
  which: { only: LiveSession['idHash'] } | 'everywhere',
): Promise<Result<number>> {
  const result = await deps.db.transaction().execute(async tx => {
    const ended = await endSessions(tx, deps.clock, actor.id, which === 'everywhere' ? {} : which)
    if (ended === 0) return conflict('This session had ended already. Nothing was changed.')
    const detail = { sessions: ended, everywhere: which === 'everywhere' }
    await record(tx, deps.clock, actor, 'sessions ended', { type: 'person', id: actor.id }, detail)
    return ok(ended)
  })
  tellStreams(deps, actor.id)
  return result
}

const columnsOf = ({ timeZone, theme, shortcuts, mutedMails }: Partial<Wishes>) => ({
  ...(timeZone !== undefined && { time_zone: timeZone }),
  ...(theme !== undefined && { theme }),
  ...(shortcuts !== undefined && { shortcuts: shortcuts ? (1 as const) : (0 as const) }),
  ...(mutedMails !== undefined && { muted_mails: JSON.stringify([...mutedMails].sort()) }),
})
