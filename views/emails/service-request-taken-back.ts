import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export const serviceRequestTakenBack = (about: RequestMail, reason: string): MailText =>
  requestMail(
    about,
    'taken back',
    'Your service request has left the queue and is NEW again. It will not run.',
    reason,
    'Whoever has an approved Self-Service Portal access of the customer can queue it again.',
  )
