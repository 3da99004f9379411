import type { MailText } from './service-request.ts'

/** What every mail about somebody's re-validation tells. */
export interface RevalidationMail {
  /** Name of the person it goes to. */
  name: string
  parts: readonly { customer_id: string; customer_name: string; accesses: number }[]
  /** Full address of their Manage Access page. */
  address: string
  /** Deadline, and what happens to unanswered accesses when; null: never. In words, in the person's zone. */
  due: string
  suspend: string | null
  remove: string | null
}

const mostParts = 20

/** Greeting, what it is about, for which customers, what to do. */
export const revalidationMail = (
  about: RevalidationMail,
  subject: string,
  before: readonly string[],
  next: readonly string[],
): MailText => ({
  subject,
  body: [
    `Hello ${about.name},`,
    ...before,
    partLines(about),
    ...next,
    about.address,
    'You get this mail because you hold accesses in Gatehouse.',
  ].join('\n\n'),
})

export const howToAnswer =
  'Open Manage Access, remove the accesses you have no business need for any more, press Save, and then press the Re-validate CBN button. With several customers, press it for each of them.'

/** What silence leads to. */
export const consequences = ({ suspend, remove }: RevalidationMail): string[] => {
  const steps = [...(suspend ? [`suspended on ${suspend}`] : []), ...(remove ? [`removed on ${remove}`] : [])]
  return steps.length === 0 ? [] : [`Accesses that are not re-validated are ${steps.join(', and ')}.`]
}

const partLines = ({ parts }: RevalidationMail): string => {
  const lines = parts
    .slice(0, mostParts)
    .map(part => `${part.customer_id} ${part.customer_name}: ${countOf(part.accesses)}`)
  const more = parts.length - mostParts
  return [...lines, ...(more > 0 ? [`and ${more} more customers`] : [])].join('\n')
}

const countOf = (accesses: number) => (accesses === 1 ? '1 access' : `${accesses} accesses`)
