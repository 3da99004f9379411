import type { MailText } from './service-request.ts'

/** To operators. */
export const certificateNotBelieved = (about: {
  /** Name of the operator. */
  name: string
  server: string
  reason: string
  /** Accounts that go on showing what was verified before. */
  accounts: number
  /** Full address of the server's page. */
  address: string
}): MailText => ({
  subject: `Certificate of ${about.server} can't be verified`,
  body: [
    `Hello ${about.name},`,
    `the certificate that the database server ${about.server} shows was not believed: ${about.reason}`,
    `The ${about.accounts === 1 ? 'account' : `${about.accounts} accounts`} there go on showing what was verified last. If the server has a new CA, store it on the page below; if it has not, find out who answers in its place.`,
    about.address,
    'You get this mail because you are an operator.',
  ].join('\n\n'),
})
