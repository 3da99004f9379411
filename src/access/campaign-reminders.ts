import { type SqlBool, sql } from 'kysely'
import { revalidationReminder } from '../../views/emails/revalidation-reminder.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { mailPersons } from './campaign-mails.ts'
import { changeParts, personsWithParts, takeParts } from './campaign-parts.ts'
import { reminderDays } from './campaign-states.ts'
import type { Campaign } from './campaigns.ts'

const BATCH = 200

/** Reminds everybody who has not answered, once for each of the days; of several that have passed only the nearest. */
export async function remind(deps: Deps, campaign: Campaign): Promise<void> {
  const day = reminderDue(campaign, nowInstant(deps.clock))
  if (day === undefined) return
  const due = sql<SqlBool>`(campaign_parts.reminded is null or campaign_parts.reminded > ${day})`
  for await (const persons of personsWithParts(
    deps.db,
    { campaignId: campaign.id, state: 'OPEN', due },
    BATCH,
  )) {
    await remindPersons(deps, campaign, persons, day)
    deps.wake()
  }
}

/** The last reminder whose day has come; one that would have been before the beginning is none. */
export const reminderDue = ({ started_at, due_at }: Campaign, now: string): number | undefined =>
  reminderDays.findLast(day => {
    const at = after(due_at, -days(day))
    return started_at < at && at <= now
  })

const remindPersons = (deps: Deps, campaign: Campaign, persons: readonly string[], day: number) =>
  deps.db.transaction().execute(async tx => {
    const parts = await takeParts(tx, deps, campaign.id, persons, ['OPEN'])
    const unreminded = parts.filter(part => part.reminded === null || part.reminded > day)
    await changeParts(
      tx,
      unreminded.map(part => part.id),
      { reminded: day },
    )
    const whom = [...new Set(unreminded.map(part => part.person_id))]
    await mailPersons(tx, deps, campaign, 'revalidation-reminder', whom, revalidationReminder)
  })
