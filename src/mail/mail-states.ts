import type { Row } from '../../db/schema.ts'

export type MailState = Row<'mails'>['state']
export const mailStates = ['queued', 'sent', 'failed', 'kept'] as const satisfies readonly MailState[]

/** What each state means for whoever waits for the mail. */
export const mailStateWords = {
  queued: 'It waits to be sent, or to be tried again.',
  sent: 'The mail server has taken it.',
  failed: 'The mail server refused it, or could not be reached for too long.',
  kept: 'No SMTP server is configured: it stays here to be read.',
} as const satisfies Record<MailState, string>
