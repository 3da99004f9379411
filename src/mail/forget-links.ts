import { after, days } from '../clock.ts'
import type { Deps } from '../deps.ts'

/** Links to one’s account are valid no longer; whoever decides about an access has Access Approvals as well. */
const longestLife = days(7)

/** Takes the links out of mails that were never sent, once nobody could use them any more. */
export async function forgetOldLinks({ db, clock }: Deps): Promise<void> {
  await db
    .updateTable('mails')
    .set({ link: null })
    .where('link', 'is not', null)
    .where('state', '!=', 'queued')
    .where('created_at', '<', after(clock.now(), -longestLife))
    .execute()
}
