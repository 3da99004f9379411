import { after, days, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { forgottenAfter } from './sign-in-limit.ts'

/** Removes what sign-in no longer needs. Ended sessions stay a day, to give a form back to its owner. */
export async function tidySignIn({ db, clock }: Deps): Promise<void> {
  const now = nowInstant(clock)
  const dayAgo = after(now, -days(1))
  await db
    .deleteFrom('sessions')
    .where(eb => eb.or([eb('ended_at', '<', dayAgo), eb('expires_at', '<', Date.parse(dayAgo))]))
    .execute()
  await db
    .updateTable('link_tokens')
    .set({ used_at: now })
    .where('purpose', '=', 'confirm-email')
    .where('used_at', 'is', null)
    .where('expires_at', '<', now)
    .execute()
  await db
    .deleteFrom('link_tokens')
    .where('expires_at', '<', after(now, -days(30)))
    .execute()
  await db
    .deleteFrom('sign_in_failures')
    .where('last_at', '<', after(now, -forgottenAfter))
    .where('blocked_until', '<', after(now, -forgottenAfter))
    .execute()
}
