import { accessExpired, accessRejected } from '../../views/emails/access-decided.ts'
import { accessEscalated } from '../../views/emails/access-escalated.ts'
import { accessReminder } from '../../views/emails/access-reminder.ts'
import { accessRequested } from '../../views/emails/access-requested.ts'
import { accessSent } from '../../views/emails/access-sent.ts'
import { accessWaiting } from '../../views/emails/access-waiting.ts'
import { issueDecisionLink } from '../auth/decision-links.ts'
import type { Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import { type Actor, shownName } from '../policy.ts'
import type { Access } from './change-access.ts'
import type { Absence, Decider, Deciders } from './deciders.ts'
import {
  type MailDeps,
  mailAboutAccess,
  mailParties,
  personWords,
  type TimeWords,
  type WriteMail,
} from './mail-about-access.ts'

/** Asks managers for a decision, each with their own link. */
export async function mailManagers(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  managers: readonly Decider[],
  absences: readonly Absence[],
): Promise<void> {
  const changed = access.edited_at !== null
  for (const manager of managers)
    await mailDecider(tx, deps, access, manager, 'access-requested', (about, when) =>
      accessRequested(about, changed, standsInFor(manager, managers, absences, when)),
    )
}

/** Asks some of those who may decide once more. */
export async function remindDeciders(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  deciders: readonly Decider[],
  managers: readonly Decider[],
  absences: readonly Absence[],
): Promise<void> {
  for (const decider of deciders)
    await mailDecider(tx, deps, access, decider, 'access-reminder', (about, when) =>
      accessReminder(about, when(access.created_at), standsInFor(decider, managers, absences, when)),
    )
}

/** Asks operators, from the escalation on; `why` says why it has come to them. */
export async function mailOperators(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  operators: readonly Decider[],
  why: string,
): Promise<void> {
  for (const operator of operators)
    await mailDecider(tx, deps, access, operator, 'access-escalated', about => accessEscalated(about, why))
}

async function mailDecider(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  reader: Decider,
  template: string,
  write: WriteMail,
): Promise<void> {
  const link = await issueDecisionLink(tx, deps, reader.id, access.id)
  const address = paths.approvals(reader.id)
  await mailAboutAccess(tx, deps, access, { reader, template, address, write, link })
}

/** Tells who requested it and who it is for that it was sent, and who may decide. */
export const mailSent = (tx: Tx, deps: MailDeps, access: Access, deciders: string): Promise<void> =>
  mailParties(tx, deps, access, 'access-sent', (about, reader) =>
    accessSent(about, reader, access.edited_at !== null, deciders),
  )

/** Tells them that nobody has decided yet, and what was done about it. */
export const mailWaiting = (tx: Tx, deps: MailDeps, access: Access, done: string): Promise<void> =>
  mailParties(tx, deps, access, 'access-waiting', about => accessWaiting(about, done))

export const mailRejected = (tx: Tx, deps: MailDeps, access: Access, by: Actor, comments: string) =>
  mailParties(tx, deps, access, 'access-decided', about => accessRejected(about, shownName(by), comments))

export const mailExpired = (tx: Tx, deps: MailDeps, access: Access, reason: string): Promise<void> =>
  mailParties(tx, deps, access, 'access-decided', about => accessExpired(about, reason))

/** Said to the stand-in: whose mails they get as well. */
function standsInFor(
  manager: Decider,
  among: readonly Decider[],
  absences: readonly Absence[],
  when: TimeWords,
): string | null {
  const whom = absences.flatMap(({ person, standIn, until }) => {
    const away = standIn === manager.id && among.find(one => one.id === person)
    return away ? [`${wordsOf(away)}, who is away until ${when(until)}`] : []
  })
  return whom.length === 0 ? null : `You stand in for ${whom.join(', and for ')}.`
}

const wordsOf = (person: Decider) => personWords(person.id, person.display_name, person.role)

/** Said to who requested it: who may decide now. */
export function decidersInWords(access: Access, deciders: Deciders): string {
  const managers = deciders.managersFor(access)
  if (managers.length > 0) {
    const also = access.escalated_at === null ? '' : ' The operators may decide too.'
    return `${namesInWords(managers, deciders.absences)} may decide about it.${also}`
  }
  if (deciders.operatorsFor(access).length > 0)
    return 'No manager of the customer may decide about it, so the operators have been asked.'
  return 'Nobody may decide about it at the moment. Ask for a further manager of the customer: silence never approves.'
}

const mostNames = 10

/** "Manager 01 (MANAGER01) or Manager 02 (MANAGER02), who is away" */
export function namesInWords(managers: readonly Decider[], absences: readonly Absence[]): string {
  const words = managers.slice(0, mostNames).map(manager => {
    const away = absences.some(({ person }) => person === manager.id)
    return away ? `${wordsOf(manager)}, who is away,` : wordsOf(manager)
  })
  const more = managers.length - words.length
  if (more > 0) return `${words.join(', ')} or one of ${more} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
