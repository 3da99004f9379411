import type { MailText } from './service-request.ts'

export const reset = (name: string, loginId: string): MailText => ({
  subject: 'Set a new password for Gatehouse',
  body: [
    `Hello ${name},`,
    `somebody, probably you, asked for a new password for ${loginId}.`,
    'Open this link to set it. It works once, within 2 hours, and signs you out everywhere:',
    '{{link}}',
    'If it was not you, do nothing: your password stays as it is.',
  ].join('\n\n'),
})
