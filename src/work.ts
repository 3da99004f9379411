import { lookAfterCampaigns } from './access/campaign-course.ts'
import { PREPARATION_JOB, prepareCampaign } from './access/campaign-preparation.ts'
import { forgetDrafts } from './access/drafts.ts'
import { endAccessesThatAreOver, mailBeforeAccessesEnd } from './access/end-dates.ts'
import { findForgottenAccesses } from './access/forgotten-accesses.ts'
import { lookAfterApprovals } from './access/look-after-approvals.ts'
import { workOnAccess } from './access/work-on-access.ts'
import { checkAvailability } from './assets/availability.ts'
import { tidySignIn } from './auth/tidy.ts'
import { CERTIFICATE_JOB } from './database-accounts/ask-for-certificates.ts'
import { SERVER_JOB } from './database-accounts/ask-for-check.ts'
import { lookAtDatabaseServers, workOnServer } from './database-accounts/check-server.ts'
import { compareAccounts, compareServer, DRIFT_JOB } from './database-accounts/compare-accounts.ts'
import { DRIFT_ACT_JOB } from './database-accounts/drift-words.ts'
import { lookAfterCertificates, workOnCertificates } from './database-accounts/look-after-certificates.ts'
import { lookAfterPasswords } from './database-accounts/look-after-passwords.ts'
import { settleDrift } from './database-accounts/settle-drift.ts'
import { deleteOldObjects } from './files/retention.ts'
import { forgetKeptForms } from './http/kept-forms.ts'
import { atMostHalf } from './jobs/at-most-half.ts'
import { forgetFinishedJobs } from './jobs/forget.ts'
import type { JobHandler, RecurringWork } from './jobs/handler.ts'
import { forgetOldLinks } from './mail/forget-links.ts'
import { sendMail } from './mail/send-mail.ts'
import { ACTIVATE_PERSON_JOB, activatePerson, findPersonsToActivate } from './people/activate-person.ts'
import { keepWallTimes } from './service-requests/keep-wall-time.ts'
import { closeOldRequests, findForgottenRequests } from './service-requests/look-after-requests.ts'
import { missLateRequests } from './service-requests/miss-requests.ts'
import { runServiceRequest } from './service-requests/run-service-request.ts'

/** Job name → the verb that does it. */
export const handlers: Readonly<Record<string, JobHandler>> = {
  'run service request': runServiceRequest,
  'send mail': sendMail,
  [ACTIVATE_PERSON_JOB]: activatePerson,
  'work on access': workOnAccess,
  [PREPARATION_JOB]: prepareCampaign,
  [DRIFT_ACT_JOB]: settleDrift,
  ...atMostHalf({
    [SERVER_JOB]: workOnServer,
    [CERTIFICATE_JOB]: workOnCertificates,
    [DRIFT_JOB]: compareServer,
  }),
}

/** Work that comes back by itself: one line each. */
export const recurring: readonly RecurringWork[] = [
  { name: 'check availability', everySeconds: 60, run: checkAvailability },
  { name: 'miss late requests', everySeconds: 30, run: missLateRequests },
  { name: 'find persons to activate', everySeconds: 60, run: findPersonsToActivate },
  { name: 'find forgotten requests', everySeconds: 60, run: findForgottenRequests },
  { name: 'end accesses that are over', everySeconds: 60, run: endAccessesThatAreOver },
  { name: 'find forgotten accesses', everySeconds: 60, run: findForgottenAccesses },
  { name: 'mail before accesses end', everySeconds: 3600, run: mailBeforeAccessesEnd },
  { name: 'look after re-validations', everySeconds: 600, run: lookAfterCampaigns },
  { name: 'look after approvals', everySeconds: 60, run: lookAfterApprovals },
  { name: 'look after database passwords', everySeconds: 60, run: lookAfterPasswords },
  { name: 'compare database accounts', dailyAt: '03:00', run: compareAccounts },
  { name: 'look after certificates', everySeconds: 86_400, run: lookAfterCertificates },
  { name: 'look at database servers', everySeconds: 300, run: lookAtDatabaseServers },
  { name: 'keep wall times', everySeconds: 3600, run: keepWallTimes },
  { name: 'close old requests', everySeconds: 3600, run: closeOldRequests },
  { name: 'tidy sign-in', everySeconds: 3600, run: tidySignIn },
  { name: 'delete old files', everySeconds: 3600, run: deleteOldObjects },
  { name: 'forget access drafts', everySeconds: 3600, run: forgetDrafts },
  { name: 'forget kept forms', everySeconds: 3600, run: forgetKeptForms },
  { name: 'forget mailed links', everySeconds: 3600, run: forgetOldLinks },
  { name: 'forget finished jobs', everySeconds: 3600, run: forgetFinishedJobs },
]
