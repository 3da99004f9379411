import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export const serviceRequestLate = (about: RequestMail, why: string, until: string): MailText =>
  requestMail(
    about,
    'late',
    `Your service request has not started yet. ${why}`,
    `If it has not started by ${until}, it will be MISSED and not run at all. To keep it, take it back and choose a later Requested Start, or none.`,
  )
