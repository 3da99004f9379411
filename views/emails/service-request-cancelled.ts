import { type MailText, type RequestMail, requestMail } from './service-request.ts'

/** Cancelled by somebody else's act, not by a press of their own. */
export const serviceRequestCancelled = (about: RequestMail, reason: string): MailText =>
  requestMail(
    about,
    'CANCELLED',
    'Your service request was cancelled. It will not run.',
    reason,
    'If it is still needed, copy it to a new request for another environment.',
  )
