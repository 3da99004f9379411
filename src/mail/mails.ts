import { record } from '../audit/record.ts'
import type { Deps } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'
import type { Actor } from '../policy.ts'
import { conflict, notFound, ok, type Result } from '../result.ts'
import { mailAttempts } from './outbox.ts'
import { findMail } from './queries.ts'

/** Sends a failed mail again, or one that was kept before an SMTP server was configured. */
export async function resendMail(deps: Deps, actor: Actor, id: number): Promise<Result<void>> {
  if (!deps.config.SMTP_URL)
    return conflict(
      'No SMTP server is configured, so nothing can be sent. Set SMTP_URL and restart the portal.',
    )
  const result = await deps.db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('mails')
      .set({ state: 'queued', attempts: 0, last_error: null })
      .where('id', '=', id)
      .where('state', 'in', ['failed', 'kept'])
      .executeTakeFirst()
    const mail = await findMail(tx, id)
    if (!mail) return notFound()
    if (numUpdatedRows !== 1n) return conflict(`This mail is ${mail.state} already. Nothing was changed.`)
    await enqueue(tx, deps.clock, { name: 'send mail', payload: { mailId: id }, maxAttempts: mailAttempts })
    await record(tx, deps.clock, actor, 'mail resent', { type: 'mail', id }, { to: mail.to_address })
    return ok(undefined)
  })
  deps.wake()
  return result
}

/**
 * The single-use link of a mail, while Administration › Mail is the only mailbox there is. Reading what was meant
 * for somebody else is an act: it stands in the trail.
 */
export async function readKeptLink(deps: Deps, actor: Actor, id: number): Promise<string | null> {
  const mail = await findMail(deps.db, id)
  if (!mail?.link || mail.state !== 'kept' || deps.config.SMTP_URL) return null
  await deps.db
    .transaction()
    .execute(tx =>
      record(tx, deps.clock, actor, 'mail link shown', { type: 'mail', id }, { to: mail.to_address }),
    )
  return mail.link
}
