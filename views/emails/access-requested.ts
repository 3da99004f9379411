import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** To somebody who may decide; `because` says why they are asked where it is not plain. */
export const accessRequested = (about: AccessMail, changed: boolean, because: string | null): MailText =>
  accessMail(
    about,
    `${changed ? 'Changed access request' : 'Access request'}: ${accessWords(about)}`,
    changed
      ? 'An access request that waits for your decision was changed. Links of earlier mails about it don’t work any more.'
      : 'An access request waits for your decision.',
    because,
    decide,
  )

/** What ends every mail that asks for a decision. `{{link}}` is theirs alone. */
export const decide = [
  'Decide here. The link is for you alone, works once, and asks you to sign in:',
  '{{link}}',
  'Nothing is approved by waiting. All requests that wait for you stand in Access Approvals, see below.',
].join('\n')
