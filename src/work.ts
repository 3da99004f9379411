import { checkAvailability } from './assets/availability.ts'
import { tidySignIn } from './auth/tidy.ts'
import { forgetKeptForms } from './http/kept-forms.ts'
import { forgetFinishedJobs } from './jobs/forget.ts'
import type { JobHandler, RecurringWork } from './jobs/handler.ts'
import { forgetOldLinks } from './mail/forget-links.ts'
import { sendMail } from './mail/send-mail.ts'
import { keepWallTimes } from './service-requests/keep-wall-time.ts'
import { closeOldRequests, findForgottenRequests } from './service-requests/look-after-requests.ts'
import { missLateRequests } from './service-requests/miss-requests.ts'
import { runServiceRequest } from './service-requests/run-service-request.ts'

/** Job name → the verb that does it. */
export const handlers: Readonly<Record<string, JobHandler>> = {
  'run service request': runServiceRequest,
  'send mail': sendMail,
}

/** Work that comes back by itself: one line each. */
export const recurring: readonly RecurringWork[] = [
  { name: 'check availability', everySeconds: 60, run: checkAvailability },
  { name: 'miss late requests', everySeconds: 30, run: missLateRequests },
  { name: 'find forgotten requests', everySeconds: 60, run: findForgottenRequests },
  { name: 'keep wall times', everySeconds: 3600, run: keepWallTimes },
  { name: 'close old requests', everySeconds: 3600, run: closeOldRequests },
  { name: 'tidy sign-in', everySeconds: 3600, run: tidySignIn },
  { name: 'forget kept forms', everySeconds: 3600, run: forgetKeptForms },
  { name: 'forget mailed links', everySeconds: 3600, run: forgetOldLinks },
  { name: 'forget finished jobs', everySeconds: 3600, run: forgetFinishedJobs },
]
