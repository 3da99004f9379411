import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { newId } from '../ids.ts'
import { enqueue } from '../jobs/queue.ts'

/** With delays that grow to a quarter of an hour: some ten hours. */
export const mailAttempts = 50

export interface NewMail {
  toAddress: string
  toPerson: string | null
  /** File name under views/emails; also what a person mutes. */
  template: string
  subject: string
  /** Plain text; `{{link}}` where the single-use link goes. */
  body: string
  /** Single-use link: kept apart and wiped as soon as the mail was sent. */
  link?: string
  about?: { type: string; id: string | number }
}

/** Puts a mail into the outbox, in the transaction of the act it tells of. Call deps.wake() after the commit. */
export async function enqueueMail(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  mail: NewMail,
): Promise<void> {
  const smtp = deps.config.SMTP_URL !== undefined
  const row = await tx
    .insertInto('mails')
    .values({
      to_address: mail.toAddress,
      to_person: mail.toPerson,
      template: mail.template,
      subject: mail.subject.replace(/[\r\n]+/g, ' '),
      body: mail.body,
      link: mail.link ?? null,
      subject_type: mail.about?.type ?? null,
      subject_id: mail.about ? String(mail.about.id) : null,
      state: smtp ? 'queued' : 'kept',
      message_id: `${newId()}@gatehouse`,
      created_at: nowInstant(deps.clock),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (smtp)
    await enqueue(tx, deps.clock, {
      name: 'send mail',
      payload: { mailId: row.id },
      maxAttempts: mailAttempts,
    })
}
