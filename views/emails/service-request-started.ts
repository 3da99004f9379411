import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export const serviceRequestStarted = (about: RequestMail, at: string): MailText =>
  requestMail(
    about,
    'started',
    `Your service request has been picked up and runs since ${at}. Once a request has been picked up for processing it cannot be stopped.`,
    'The Log of the request shows what it does.',
  )
