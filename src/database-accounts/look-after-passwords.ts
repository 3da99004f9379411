import type { Instant, Row } from '../../db/schema.ts'
import { lockAccess } from '../access/lock-access.ts'
import { record, systemActor } from '../audit/record.ts'
import { after, days, hours, nowInstant } from '../clock.ts'
import type { Db, Deps, Tx } from '../deps.ts'
import { type DatabaseAccount, noticeDays } from './accounts.ts'
import { lastResetBefore } from './automatic-reset.ts'
import { beginPasswordChange } from './password-change.ts'
import { mailPasswordExpiring } from './password-mails.ts'

const BATCH = 200

/** A day has at most 25 hours, and the reset comes at most a day before the end. */
const longestLead = hours(26)

interface LookedAfter extends DatabaseAccount {
  person_id: string
  customer_id: string
  asset_id: string
  time_zone: string
  reset_at: string | null
}

/** Recurring: passwords that are about to expire are told about, and reset before they do; so is what was scheduled. */
export async function lookAfterPasswords(deps: Deps): Promise<void> {
  await eachOne(deps, scheduledResets, resetScheduled)
  await eachOne(deps, expiringSoon, resetExpiring)
  await eachOne(deps, toBeTold, tellOwner)
}

type Find = (db: Db, now: Instant, afterId: number) => Promise<LookedAfter[]>

const inUse = (db: Db, afterId: number) =>
  db
    .selectFrom('database_accounts')
    .innerJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .innerJoin('assets', 'assets.id', 'accesses.asset_id')
    .leftJoin('asset_databases', 'asset_databases.asset_id', 'accesses.asset_id')
    .where('database_accounts.gone_at', 'is', null)
    .where('database_accounts.state', 'in', ['READY', 'UNPROVABLE'])
    .where('accesses.status', '=', 'APPROVED')
    .where('database_accounts.id', '>', afterId)
    .selectAll('database_accounts')
    .select([
      'accesses.person_id',
      'accesses.customer_id',
      'accesses.asset_id',
      'assets.time_zone',
      'asset_databases.reset_at',
    ])
    .orderBy('database_accounts.id')
    .limit(BATCH)

/** While a change is open nothing else is begun. */
const withoutChange = (db: Db, afterId: number) =>
  inUse(db, afterId).where(eb =>
    eb.not(
      eb.exists(
        eb
          .selectFrom('password_changes')
          .select('password_changes.id')
          .whereRef('password_changes.account_id', '=', 'database_accounts.id')
          .where('password_changes.closed_at', 'is', null),
      ),
    ),
  )

const scheduledResets: Find = (db, now, afterId) =>
  withoutChange(db, afterId).where('database_accounts.reset_due_at', '<=', now).execute()

const expiringSoon: Find = (db, now, afterId) =>
  withoutChange(db, afterId).where('database_accounts.expires_at', '<=', after(now, longestLead)).execute()

const toBeTold: Find = async (db, now, afterId) =>
  inUse(db, afterId)
    .where('database_accounts.expires_at', '>', now)
    .where('database_accounts.expires_at', '<=', after(now, days(noticeDays[0])))
    .execute()

async function eachOne(
  deps: Deps,
  find: Find,
  work: (tx: Tx, deps: Deps, account: LookedAfter) => Promise<void>,
): Promise<void> {
  for (let last = 0; !deps.stopping.aborted; ) {
    const batch = await find(deps.db, nowInstant(deps.clock), last)
    for (const account of batch)
      await deps.db.transaction().execute(async tx => {
        const now = await lockedAsIs(tx, deps, account)
        if (now) await work(tx, deps, { ...account, ...now })
      })
    if (batch.length > 0) deps.wake()
    if (batch.length < BATCH) return
    last = batch.at(-1)?.id ?? last
  }
}

/** Held with its access, unless it is not in use any more. */
async function lockedAsIs(tx: Tx, deps: Deps, seen: LookedAfter): Promise<DatabaseAccount | undefined> {
  const access = await lockAccess(tx, deps, seen.access_id)
  if (access?.status !== 'APPROVED') return undefined
  const account = await tx
    .selectFrom('database_accounts')
    .selectAll()
    .where('id', '=', seen.id)
    .where('access_id', '=', seen.access_id)
    .where('gone_at', 'is', null)
    .executeTakeFirst()
  return account && ['READY', 'UNPROVABLE'].includes(account.state) ? account : undefined
}

async function resetScheduled(tx: Tx, deps: Deps, account: LookedAfter): Promise<void> {
  if (account.reset_due_at === null || account.reset_due_at > nowInstant(deps.clock)) return
  await tx
    .updateTable('database_accounts')
    .set({ reset_due_at: null, reset_by: null })
    .where('id', '=', account.id)
    .execute()
  await beginPasswordChange(tx, deps, account, { reason: 'scheduled', askedBy: account.reset_by })
}

async function resetExpiring(tx: Tx, deps: Deps, account: LookedAfter): Promise<void> {
  const at = automaticReset(account)
  if (at === null || at > nowInstant(deps.clock)) return
  if (await beginPasswordChange(tx, deps, account, { reason: 'expiry', askedBy: null }))
    await record(
      tx,
      deps.clock,
      systemActor,
      'access password about to expire',
      { type: 'access', id: account.access_id, customerId: account.customer_id },
      { account: account.name, expires: account.expires_at },
    )
}

/** When its password is reset by itself; null: it has none yet. */
export const automaticReset = ({
  expires_at,
  reset_at,
  time_zone,
}: Pick<LookedAfter, 'expires_at' | 'reset_at' | 'time_zone'>): Instant | null =>
  expires_at === null ? null : lastResetBefore(expires_at, reset_at ?? '02:00', time_zone)

/** One notice per stage; who missed some while the portal was down gets the last one only. */
async function tellOwner(tx: Tx, deps: Deps, account: LookedAfter): Promise<void> {
  const now = deps.clock.now()
  const stage = noticeDays.findLast(count => (account.expires_at ?? '') <= after(now, days(count)))
  if (stage === undefined || (account.noticed_days !== null && account.noticed_days <= stage)) return
  await tx
    .updateTable('database_accounts')
    .set({ noticed_days: stage })
    .where('id', '=', account.id)
    .execute()
  const server = await serverOf(tx, account)
  await mailPasswordExpiring(tx, deps, account, server, automaticReset(account))
}

const serverOf = (tx: Tx, account: DatabaseAccount): Promise<Row<'database_servers'>> =>
  tx.selectFrom('database_servers').selectAll().where('id', '=', account.server_id).executeTakeFirstOrThrow()
