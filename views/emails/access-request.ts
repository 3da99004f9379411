import type { MailText } from './service-request.ts'

/** What every mail about an access tells; names and times are in words. */
export interface AccessMail {
  /** Name of the person it goes to. */
  name: string
  /** Whose access it is, such as "User 02 (USER02)". */
  user: string
  /** Code of that person, for the subject line. */
  userId: string
  asset: string
  description: string
  type: string
  /** Database Account ID; null: it is no database account. */
  account: string | null
  /** Transfer Access: who has the account until it is approved; null: it is none. */
  transferFrom: string | null
  /** The account was somebody else's before. */
  takenOver: boolean
  justification: string
  requestedBy: string
  requestedAt: string
  /** Who changed it last and when; null: nobody. */
  changed: string | null
  endsOn: string | null
  /** Full address of the page that shows it to the reader. */
  address: string
}

/** "Self-Service Portal on 10000-DEV for USER02", for subject lines and sentences. */
export const accessWords = (about: Pick<AccessMail, 'type' | 'asset' | 'userId'>) =>
  `${about.type} on ${about.asset} for ${about.userId}`

/** Greeting, what happened, which access, where to look. */
export const accessMail = (
  about: AccessMail,
  subject: string,
  ...paragraphs: readonly (string | null)[]
): MailText => ({
  subject,
  body: [
    `Hello ${about.name},`,
    ...paragraphs.filter(text => text !== null),
    facts(about),
    about.address,
  ].join('\n\n'),
})

/** What somebody typed, marked line by line: nobody puts words into our mouth. */
export const quoted = (text: string) =>
  text
    .split('\n')
    .map(line => `> ${line}`)
    .join('\n')

const facts = (about: AccessMail) =>
  [
    `User:             ${about.user}`,
    `Asset:            ${about.asset}, ${about.description}`,
    `Access Requested: ${about.type}`,
    about.account && `Database Account ID: ${about.account}`,
    about.transferFrom &&
      `Transfer from:    ${about.transferFrom}, who loses the account when it is approved`,
    `Requested by:     ${about.requestedBy}, ${about.requestedAt}`,
    about.changed && `Changed by:       ${about.changed}`,
    about.endsOn && `Ends on:          ${about.endsOn}`,
    `Justification:\n${quoted(about.justification)}`,
  ]
    .filter(Boolean)
    .join('\n')
