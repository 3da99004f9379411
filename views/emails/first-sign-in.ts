import type { MailText } from './service-request.ts'

export const firstSignIn = (name: string, loginId: string): MailText => ({
  subject: 'Your access to Gatehouse',
  body: [
    `Hello ${name},`,
    `you have been added to Gatehouse, the self-service portal. Your Login ID is ${loginId}.`,
    'Open this link to set your password. It works once, within 7 days:',
    '{{link}}',
    'If it has expired, choose “Forgotten your password?” on the sign-in page to get a new one.',
  ].join('\n\n'),
})
