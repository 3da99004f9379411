import { type MailText, type RequestMail, requestMail } from './service-request.ts'

export type Ending = 'RESOLVED' | 'FAILED' | 'UNKNOWN'

const words: Record<Ending, string> = {
  RESOLVED: 'Your service request has been done.',
  FAILED: 'Your service request has failed.',
  UNKNOWN:
    'The worker that ran your service request was lost, and it is not known how far it came. Until a manager of the customer or an operator has looked and settles the request, nothing else that changes this environment can run.',
}
const next: Record<Ending, string> = {
  RESOLVED: 'Close it when you are content with the result; after 30 days it is closed by itself.',
  FAILED:
    'The Log of the request has the details. If what you entered was wrong, copy it to a new request and correct it; else open a support case from the request’s page.',
  UNKNOWN: 'The Log of the request shows what is known.',
}

export const serviceRequestEnded = (about: RequestMail, ending: Ending, reason: string): MailText =>
  requestMail(about, ending, words[ending], ...(reason ? [reason] : []), next[ending])
