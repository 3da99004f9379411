import type { MailText } from './service-request.ts'

/** To the address that counts until then, at once. */
export const emailToChange = (name: string, loginId: string, to: string, by: string): MailText => ({
  subject: 'Your Primary Email for Gatehouse is to be changed',
  body: [
    `Hello ${name},`,
    `${by} asked for ${to} to become the Primary Email of ${loginId} in Gatehouse, the self-service portal. A link to confirm it was sent there. Until it is used, mails go on coming to this address.`,
    'If this is not right, set a new password with “Forgotten your password?” on the sign-in page, which voids that link, and tell your manager or an operator.',
  ].join('\n\n'),
})
