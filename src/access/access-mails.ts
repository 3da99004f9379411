import { accessEnded } from '../../views/emails/access-ended.ts'
import { accessEnding } from '../../views/emails/access-ending.ts'
import { accessFailed, type FailingWork } from '../../views/emails/access-failed.ts'
import { accessGranted, accessResumed } from '../../views/emails/access-granted.ts'
import { accessHandedOver } from '../../views/emails/access-handed-over.ts'
import { accessRemoved } from '../../views/emails/access-removed.ts'
import { accessSuspended } from '../../views/emails/access-suspended.ts'
import type { Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import { activeOperators } from '../people/operators.ts'
import type { Access } from './change-access.ts'
import { type MailDeps, mailAboutAccess, mailParties } from './mail-about-access.ts'

export const mailGranted = (tx: Tx, deps: MailDeps, access: Access) =>
  mailParties(tx, deps, access, 'access-granted', accessGranted)

export const mailResumed = (tx: Tx, deps: MailDeps, access: Access) =>
  mailParties(tx, deps, access, 'access-granted', accessResumed)

export const mailRemoved = (tx: Tx, deps: MailDeps, access: Access) =>
  mailParties(tx, deps, access, 'access-removed', about => accessRemoved(about, access.reason))

/** To who had a service account that is somebody else's now. */
export const mailHandedOver = (tx: Tx, deps: MailDeps, former: Access, to: string) =>
  mailParties(tx, deps, former, 'access-handed-over', about => accessHandedOver(about, to))

/** A request that ended before it was granted. */
export const mailEnded = (tx: Tx, deps: MailDeps, access: Access, why: string) =>
  mailParties(tx, deps, access, 'access-ended', about => accessEnded(about, why))

export const mailEnding = (tx: Tx, deps: MailDeps, access: Access) =>
  mailParties(tx, deps, access, 'access-ending', accessEnding)

export const mailSuspended = (tx: Tx, deps: MailDeps, access: Access, why: string) =>
  mailParties(tx, deps, access, 'access-suspended', about => accessSuspended(about, why))

/** To every operator, with the way to what the runbook did. */
export async function mailFailed(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  what: FailingWork,
  pendingStatus: string,
  again: 'by itself' | 'by Retry',
): Promise<void> {
  const operators = await activeOperators(tx)
  const address = paths.accessLog(access.id)
  for (const reader of operators)
    await mailAboutAccess(tx, deps, access, {
      reader,
      template: 'access-failed',
      address,
      write: about => accessFailed(about, what, pendingStatus, again),
    })
}
