import type { MailText } from './service-request.ts'

/** To the new address: it counts after the link was used. */
export const confirmEmail = (name: string, loginId: string): MailText => ({
  subject: 'Confirm your Primary Email for Gatehouse',
  body: [
    `Hello ${name},`,
    `this address is to become the Primary Email of ${loginId} in Gatehouse, the self-service portal.`,
    'Open this link to confirm it. It works once, within 7 days:',
    '{{link}}',
    'If you don’t know anything about it, do nothing: the address is then not used.',
  ].join('\n\n'),
})
