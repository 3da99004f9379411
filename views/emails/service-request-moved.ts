import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export const serviceRequestMoved = (
  about: RequestMail,
  wall: string,
  before: string,
  now: string,
): MailText =>
  requestMail(
    about,
    'Requested Start',
    `The rules of the time zone have changed since you queued the request. It still starts at the local time that you chose, ${wall}.`,
    `In UTC that was ${before}; now it is ${now}.`,
  )
