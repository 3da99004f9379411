import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

export const accessEnding = (about: AccessMail): MailText =>
  accessMail(
    about,
    `Access ends on ${about.endsOn}: ${accessWords(about)}`,
    `This access ends by itself at the end of ${about.endsOn}, as agreed when it was requested.`,
    'If it is needed longer, request it anew once it has ended.',
  )
