import type { AccessStatus } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { after, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { mailEnding } from './access-mails.ts'
import { type Access, changeAccess, tellAccesses } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { endingNotice } from './grant-access.ts'
import { lockAccess } from './lock-access.ts'

const BATCH = 200

/** Recurring: accesses whose last day has passed end by themselves, requests for them too. */
export async function endAccessesThatAreOver(deps: Deps): Promise<void> {
  const over = (tx: Deps['db'], from: number) =>
    dated(tx, ['PROCESSING', 'APPROVED', 'SUSPENDED'], from)
      .where('ends_at', '<=', nowInstant(deps.clock))
      .execute()
  await eachOne(deps, over, access =>
    deps.db
      .transaction()
      .execute(tx => endAccesses(tx, deps, systemActor, [access], `Ended on ${access.ends_on} as agreed.`)),
  )
}

/** Recurring: who has an access is told a week before it ends, once. */
export async function mailBeforeAccessesEnd(deps: Deps): Promise<void> {
  const ending = (tx: Deps['db'], from: number) =>
    dated(tx, ['APPROVED'], from)
      .where('ends_at', '<=', after(deps.clock.now(), endingNotice))
      .where('ends_at', '>', nowInstant(deps.clock))
      .where('ending_mailed_at', 'is', null)
      .execute()
  await eachOne(deps, ending, ({ id }) =>
    deps.db.transaction().execute(async tx => {
      const access = await lockAccess(tx, deps, id)
      if (access?.status !== 'APPROVED' || access.ending_mailed_at !== null) return
      if (await changeAccess(tx, access, { ending_mailed_at: nowInstant(deps.clock) }))
        await mailEnding(tx, deps, access)
    }),
  )
}

const dated = (db: Deps['db'], statuses: readonly AccessStatus[], afterId: number) =>
  db
    .selectFrom('accesses')
    .selectAll()
    .where('status', 'in', [...statuses])
    .where('ends_at', 'is not', null)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(BATCH)

/** Each in a transaction of its own: a crash in between leaves the rest for the next time. */
async function eachOne(
  deps: Deps,
  next: (db: Deps['db'], afterId: number) => Promise<Access[]>,
  work: (access: Access) => Promise<unknown>,
): Promise<void> {
  for (let last = 0; !deps.stopping.aborted; ) {
    const batch = await next(deps.db, last)
    for (const access of batch) await work(access)
    if (batch.length > 0) tellAccesses(deps)
    if (batch.length < BATCH) return
    last = batch.at(-1)?.id ?? last
  }
}
