import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export const serviceRequestMissed = (about: RequestMail, reason: string): MailText =>
  requestMail(
    about,
    'MISSED',
    'Your service request was not started in time and will not run any more. Nothing has been done.',
    reason,
    'If you still need it, open the request and press “Copy to new request”.',
  )
