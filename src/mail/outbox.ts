import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { newId } from '../ids.ts'
import { enqueueAll } from '../jobs/queue.ts'

/** With delays that grow to a quarter of an hour: some ten hours. */
export const mailAttempts = 50

export interface NewMail {
  toAddress: string
  toPerson: string | null
  /** File name under views/emails; also what a person mutes. */
  template: string
  subject: string
  /** Plain text; `{{link}}` on a line of its own is where the single-use link goes. */
  body: string
  /** Single-use link: kept apart and wiped as soon as the mail was sent. */
  link?: string
  about?: { type: string; id: string | number }
}

type OutboxDeps = Pick<Deps, 'clock' | 'config'>

/** Puts a mail into the outbox, in the transaction of the act it tells of. Call deps.wake() after the commit. */
export const enqueueMail = (tx: Tx, deps: OutboxDeps, mail: NewMail): Promise<void> =>
  enqueueMails(tx, deps, [mail])

/** The same for many at once; a statement takes at most some thousands of them. */
export async function enqueueMails(tx: Tx, deps: OutboxDeps, mails: readonly NewMail[]): Promise<void> {
  if (mails.length === 0) return
  const smtp = deps.config.SMTP_URL !== undefined
  const created_at = nowInstant(deps.clock)
  const rows = await tx
    .insertInto('mails')
    .values(
      mails.map(mail => ({
        to_address: mail.toAddress,
        to_person: mail.toPerson,
        template: mail.template,
        subject: mail.subject.replace(/[\r\n]+/g, ' '),
        body: mail.body,
        link: mail.link ?? null,
        subject_type: mail.about?.type ?? null,
        subject_id: mail.about ? String(mail.about.id) : null,
        state: smtp ? ('queued' as const) : ('kept' as const),
        message_id: `${newId()}@gatehouse`,
        created_at,
      })),
    )
    .returning('id')
    .execute()
  if (!smtp) return
  const jobs = rows.map(({ id }) => ({
    name: 'send mail',
    payload: { mailId: id },
    maxAttempts: mailAttempts,
  }))
  await enqueueAll(tx, deps.clock, jobs)
}
