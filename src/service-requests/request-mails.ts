import { z } from 'zod'
import type { Row } from '../../db/schema.ts'
import type { MailText, RequestMail } from '../../views/emails/service-request.ts'
import { serviceRequestCancelled } from '../../views/emails/service-request-cancelled.ts'
import { type Ending, serviceRequestEnded } from '../../views/emails/service-request-ended.ts'
import { serviceRequestLate } from '../../views/emails/service-request-late.ts'
import { serviceRequestMissed } from '../../views/emails/service-request-missed.ts'
import { serviceRequestMoved } from '../../views/emails/service-request-moved.ts'
import { serviceRequestStarted } from '../../views/emails/service-request-started.ts'
import { serviceRequestTakenBack } from '../../views/emails/service-request-taken-back.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMail } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import type { ServiceRequest } from './find-request.ts'
import { startWords, wallWords } from './requested-start.ts'

/** Mails about a service request; each can be switched off on the Profile. */
export const requestMailTemplates = {
  'service-request-started': 'A service request of mine starts',
  'service-request-ended': 'A service request of mine ends',
  'service-request-missed': 'A service request of mine is missed',
  'service-request-cancelled': 'A service request of mine is cancelled because its environment goes',
  'service-request-late': 'A service request of mine is late',
  'service-request-taken-back': 'A service request of mine leaves the queue with an access that has ended',
  'service-request-moved': 'The start of a service request of mine moves with its time zone',
} as const
type Template = keyof typeof requestMailTemplates
type MailDeps = Pick<Deps, 'clock' | 'config'>

export const mailStarted = (tx: Tx, deps: Deps, request: ServiceRequest, at: string) =>
  mailRequester(tx, deps, request, 'service-request-started', (about, zone) =>
    serviceRequestStarted(about, startWords(at, zone)),
  )

export const mailEnded = (tx: Tx, deps: Deps, request: ServiceRequest, ending: Ending, reason: string) =>
  mailRequester(tx, deps, request, 'service-request-ended', about =>
    serviceRequestEnded(about, ending, reason),
  )

export const mailMissed = (tx: Tx, deps: Deps, request: ServiceRequest, reason: string) =>
  mailRequester(tx, deps, request, 'service-request-missed', about => serviceRequestMissed(about, reason))

export const mailCancelled = (tx: Tx, deps: MailDeps, request: ServiceRequest, reason: string) =>
  mailRequester(tx, deps, request, 'service-request-cancelled', about =>
    serviceRequestCancelled(about, reason),
  )

export const mailTakenBack = (tx: Tx, deps: MailDeps, request: ServiceRequest, reason: string) =>
  mailRequester(tx, deps, request, 'service-request-taken-back', about =>
    serviceRequestTakenBack(about, reason),
  )

export const mailLate = (tx: Tx, deps: Deps, request: ServiceRequest, why: string, until: string) =>
  mailRequester(tx, deps, request, 'service-request-late', (about, zone) =>
    serviceRequestLate(about, why, startWords(until, zone)),
  )

export const mailMoved = (tx: Tx, deps: Deps, request: ServiceRequest, before: string, now: string) =>
  mailRequester(tx, deps, request, 'service-request-moved', about =>
    serviceRequestMoved(
      about,
      `${wallWords(request.requested_wall ?? '')} ${request.requested_zone}`,
      startWords(before, 'UTC'),
      startWords(now, 'UTC'),
    ),
  )

async function mailRequester(
  tx: Tx,
  deps: MailDeps,
  request: ServiceRequest,
  template: Template,
  write: (about: RequestMail, zone: string) => MailText,
): Promise<void> {
  const person = await tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone', 'muted_mails', 'status'])
    .where('id', '=', request.reported_by)
    .executeTakeFirst()
  if (person?.status !== 'ACTIVE' || isMuted(person, template)) return
  const mail = write(about(deps, request, person.display_name), person.time_zone ?? 'UTC')
  await enqueueMail(tx, deps, {
    ...mail,
    toAddress: person.primary_email,
    toPerson: person.id,
    template,
    about: { type: 'service-request', id: request.id },
  })
}

const mutedMails = z.array(z.string())

const isMuted = (person: Pick<Row<'persons'>, 'muted_mails'>, template: Template) =>
  mutedMails.parse(JSON.parse(person.muted_mails)).includes(template)

const about = (deps: MailDeps, request: ServiceRequest, name: string): RequestMail => ({
  number: request.id,
  action: request.action_name,
  environment: request.asset_id,
  summary: request.summary,
  name,
  address: `${deps.config.PUBLIC_URL}${paths.serviceRequest(request.id)}`,
})
