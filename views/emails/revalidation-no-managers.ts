import type { MailText } from './service-request.ts'

export interface NoManagersMail {
  /** Name of the operator. */
  name: string
  campaign: string
  customers: readonly { id: string; name: string; count: number }[]
  /** Full address of the campaign's progress. */
  address: string
}

/** To operators: nobody of these customers could be told who has not answered. */
export const revalidationNoManagers = (about: NoManagersMail): MailText => ({
  subject: `Re-validation “${about.campaign}”: customers without managers`,
  body: [
    `Hello ${about.name},`,
    `the deadline of the re-validation “${about.campaign}” has passed. At these customers persons have not answered, and there is no active manager to be told:`,
    about.customers.map(({ id, name, count }) => `${id} ${name}: ${count} not answered`).join('\n'),
    'Give these customers managers, or ask the persons yourself.',
    about.address,
    'You get this mail because you are an operator.',
  ].join('\n\n'),
})
