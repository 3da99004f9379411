import { systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { removeUnanswered, suspendUnanswered } from './campaign-consequences.ts'
import { escalate } from './campaign-escalation.ts'
import {
  changeParts,
  nothingLeft,
  partsInForce,
  personsWithParts,
  settleGone,
  takeParts,
} from './campaign-parts.ts'
import { enqueuePreparation } from './campaign-preparation.ts'
import { remind } from './campaign-reminders.ts'
import { unansweredStates } from './campaign-states.ts'
import { type Campaign, close, startByItself } from './campaigns.ts'

const BATCH = 200

/** Recurring: starts what is due, and brings every open re-validation on as far as its dates say. */
export async function lookAfterCampaigns(deps: Deps): Promise<void> {
  await startByItself(deps)
  for (const campaign of await underWay(deps)) {
    if (campaign.state === 'PREPARING') await goOnPreparing(deps, campaign.id)
    else await bringOn(deps, campaign)
  }
}

const underWay = ({ db }: Deps): Promise<Campaign[]> =>
  db.selectFrom('campaigns').selectAll().where('state', '!=', 'CLOSED').orderBy('id').execute()

/** The job of one whose attempts are used up: there is one again. */
async function goOnPreparing(deps: Deps, id: number): Promise<void> {
  await deps.db.transaction().execute(tx => enqueuePreparation(tx, deps.clock, id))
  deps.wake()
}

async function bringOn(deps: Deps, campaign: Campaign): Promise<void> {
  await endEmptyParts(deps, campaign)
  if (nowInstant(deps.clock) < campaign.due_at) await remind(deps, campaign)
  else await bringPastDeadline(deps, campaign)
  await closeAnswered(deps, campaign)
}

async function bringPastDeadline(deps: Deps, campaign: Campaign): Promise<void> {
  const now = nowInstant(deps.clock)
  const { suspend_at, remove_at } = campaign
  await escalate(deps, campaign)
  if (remove_at !== null && now >= remove_at) await removeUnanswered(deps, campaign)
  else if (suspend_at !== null && now >= suspend_at) await suspendUnanswered(deps, campaign)
}

/** Where everything was removed there is nothing to confirm. */
async function endEmptyParts(deps: Deps, campaign: Campaign): Promise<void> {
  for (const state of unansweredStates) {
    const wanted = { campaignId: campaign.id, state, due: nothingLeft }
    for await (const persons of personsWithParts(deps.db, wanted, BATCH))
      await deps.db.transaction().execute(async tx => {
        const parts = (await takeParts(tx, deps, campaign.id, persons, unansweredStates)).map(part => part.id)
        const inForce = await partsInForce(tx, parts)
        const empty = parts.filter(id => !inForce.has(id))
        const now = nowInstant(deps.clock)
        await settleGone(tx, empty, now)
        await changeParts(tx, empty, { state: 'ENDED', closed_at: now })
      })
  }
}

async function closeAnswered(deps: Deps, campaign: Campaign): Promise<void> {
  await deps.db.transaction().execute(async tx => {
    const unanswered = await tx
      .selectFrom('campaign_parts')
      .select('id')
      .where('campaign_id', '=', campaign.id)
      .where('state', 'in', [...unansweredStates])
      .limit(1)
      .executeTakeFirst()
    if (!unanswered) await close(tx, deps, systemActor, campaign, 'Nothing is left to answer.')
  })
}
