import type { Transporter } from 'nodemailer'
import { z } from 'zod'
import type { Row } from '../../db/schema.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import type { ClaimedJob, JobOutcome } from '../jobs/handler.ts'
import { withLink } from './link-place.ts'
import { mailTransport } from './transport.ts'

type Mail = Row<'mails'>
const payload = z.object({ mailId: z.number().int() })
const done: JobOutcome = { kind: 'done' }

/**
 * Sends one mail of the outbox. Between the server's acceptance and our commit the worker can be lost: the mail is
 * then sent again, with the same Message-ID, by which mail programs know it as the same one.
 */
export async function sendMail(deps: Deps, job: ClaimedJob): Promise<JobOutcome> {
  const { mailId } = payload.parse(job.payload)
  const mail = await startAttempt(deps, job, mailId)
  if (!mail) return done
  const transport = mailTransport(deps.config)
  if (!transport) {
    await settle(deps, job, mail, { state: 'kept' })
    return done
  }
  try {
    await hand(transport, deps.config.MAIL_FROM, mail)
  } catch (error) {
    return await refused(deps, job, mail, error)
  } finally {
    transport.close()
  }
  await settle(deps, job, mail, {
    state: 'sent',
    link: null,
    last_error: null,
    sent_at: nowInstant(deps.clock),
  })
  return done
}

/** Counts the attempt before it is made; undefined when there is nothing left to send. */
const startAttempt = (deps: Deps, job: ClaimedJob, mailId: number): Promise<Mail | undefined> =>
  deps.db.transaction().execute(async tx => {
    const mail = await tx
      .updateTable('mails')
      .set(eb => ({ attempts: eb('attempts', '+', 1) }))
      .where('id', '=', mailId)
      .where('state', '=', 'queued')
      .returningAll()
      .executeTakeFirst()
    await job.lease.guard(tx)
    return mail
  })

const hand = (transport: Transporter, from: string, mail: Mail) =>
  transport.sendMail({
    from,
    to: { name: '', address: mail.to_address },
    subject: mail.subject,
    text: withLink(mail.body, mail.link),
    messageId: `<${mail.message_id}>`,
    date: mail.created_at,
    headers: { 'Auto-Submitted': 'auto-generated' },
  })

/** For ever: the mail has failed. For now: the job tries again, until its attempts are used up. */
async function refused(deps: Deps, job: ClaimedJob, mail: Mail, error: unknown): Promise<JobOutcome> {
  const last_error = wordsOf(error)
  const final = isPermanent(error) || job.attempts >= job.maxAttempts
  await settle(deps, job, mail, { last_error, ...(final && { state: 'failed' as const }) })
  if (final) return done
  throw new Error(last_error)
}

const settle = (deps: Deps, job: ClaimedJob, mail: Mail, change: Partial<Mail>) =>
  deps.db.transaction().execute(async tx => {
    await tx
      .updateTable('mails')
      .set(change)
      .where('id', '=', mail.id)
      .where('state', '=', 'queued')
      .execute()
    await job.lease.guard(tx)
  })

/** The server will never take this mail: a 5xx answer to its sender, recipient or text. A refused sign-in is ours to mend. */
const isPermanent = (error: unknown) =>
  error instanceof Error &&
  'responseCode' in error &&
  typeof error.responseCode === 'number' &&
  error.responseCode >= 500 &&
  'code' in error &&
  (error.code === 'EENVELOPE' || error.code === 'EMESSAGE')

const wordsOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, 500)
