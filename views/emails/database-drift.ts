import type { MailText } from './service-request.ts'

const mostNamed = 20

/** To operators. */
export const databaseDrift = (about: {
  /** Name of the operator. */
  name: string
  server: string
  findings: readonly { what: string; account: string; detail: string }[]
  /** Full address of the drift report. */
  address: string
}): MailText => ({
  subject: `Drift on ${about.server}: ${about.findings.length} ${about.findings.length === 1 ? 'account' : 'accounts'}`,
  body: [
    `Hello ${about.name},`,
    `the portal and the database server ${about.server} say different things about accounts:`,
    about.findings
      .slice(0, mostNamed)
      .map(one => `- ${one.account}: ${one.what}. ${one.detail}`)
      .join('\n'),
    about.findings.length > mostNamed && `… and ${about.findings.length - mostNamed} more.`,
    'Adopt, disable or drop them in the drift report:',
    about.address,
    'You get this mail because you are an operator.',
  ]
    .filter(Boolean)
    .join('\n\n'),
})
