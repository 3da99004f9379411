import type { MailText } from './service-request.ts'

export interface UnansweredMail {
  /** Name of the manager. */
  name: string
  customer: string
  /** How many have not answered, and the first of them. */
  count: number
  persons: readonly string[]
  due: string
  suspend: string | null
  remove: string | null
  /** Full address of the page with all of them. */
  address: string
}

/** To the managers of a customer, at the deadline. */
export const revalidationEscalated = (about: UnansweredMail): MailText => ({
  subject: `Re-validation of customer ${about.customer}: ${about.count} not answered`,
  body: [
    `Hello ${about.name},`,
    `the deadline of the re-validation was ${about.due}. ${about.count === 1 ? '1 person' : `${about.count} persons`} of customer ${about.customer} ${about.count === 1 ? 'has' : 'have'} not confirmed that they still need their accesses:`,
    [
      ...about.persons,
      ...(about.count > about.persons.length ? [`and ${about.count - about.persons.length} more`] : []),
    ].join('\n'),
    [
      'Please ask them to do it on Manage Access, or remove what is not needed any more.',
      ...after(about),
    ].join(' '),
    about.address,
    'You get this mail because you manage this customer.',
  ].join('\n\n'),
})

const after = ({ suspend, remove }: UnansweredMail): string[] => [
  ...(suspend ? [`Accesses that are not re-validated are suspended on ${suspend}.`] : []),
  ...(remove ? [`They are removed on ${remove}.`] : []),
]
