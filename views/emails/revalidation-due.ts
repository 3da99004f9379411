import { consequences, howToAnswer, type RevalidationMail, revalidationMail } from './revalidation.ts'
import type { MailText } from './service-request.ts'

export const revalidationDue = (about: RevalidationMail): MailText =>
  revalidationMail(
    about,
    'Please re-validate your accesses',
    [
      `Annual validation of Continued Business Need (CBN) is required for all accesses provided through Gatehouse. Yours are due by ${about.due}:`,
    ],
    [howToAnswer, ...consequences(about)],
  )
