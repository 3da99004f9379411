import { sql } from 'kysely'
import { lookAfterCampaigns } from '../../src/access/campaign-course.ts'
import { startCampaign } from '../../src/access/campaigns.ts'
import { after, days, nowInstant } from '../../src/clock.ts'
import type { Deps } from '../../src/deps.ts'
import { workOff } from './work-off.ts'
import type { World } from './world.ts'

interface Wanted {
  name?: string
  customerId?: string | null
  /** Days from now. */
  due?: number
  suspend?: number | null
  remove?: number | null
}

/** A re-validation that begins now: due in 30 days, suspended 7 and removed 30 days later, unless told otherwise. */
export async function begin(world: World, wanted: Wanted = {}): Promise<number> {
  const { name = 'Re-validation 2026', customerId = null, due = 30, suspend = 37, remove = 60 } = wanted
  const at = (wait: number | null) => (wait === null ? null : after(world.clock.now(), days(wait)))
  const started = await startCampaign(world.deps, world.actor('OPERATOR01'), {
    name,
    customerId,
    dueAt: after(world.clock.now(), days(due)),
    suspendAt: at(suspend),
    removeAt: at(remove),
  })
  if (!started.ok) throw new Error(JSON.stringify(started.problem))
  return started.value
}

/** The same, with everybody's parts and mails. */
export async function prepared(world: World, wanted: Wanted = {}): Promise<number> {
  const id = await begin(world, wanted)
  await workOff(world)
  return id
}

/** Days go by, and the recurring work is done. */
export async function afterDays(world: World, count: number): Promise<void> {
  world.clock.advance(days(count))
  await lookAfterCampaigns(world.deps)
  await workOff(world)
}

/** "USER01 10000 OPEN" */
export async function partsOf({ deps }: World, campaignId: number): Promise<string[]> {
  const rows = await deps.db
    .selectFrom('campaign_parts')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .orderBy('person_id')
    .orderBy('customer_id')
    .execute()
  return rows.map(part => `${part.person_id} ${part.customer_id} ${part.state}`)
}

/** "10000-DEV CONFIRMED by USER01", of one person. */
export async function itemsOfPerson({ deps }: World, campaignId: number, person: string): Promise<string[]> {
  const rows = await deps.db
    .selectFrom('campaign_items')
    .innerJoin('campaign_parts', 'campaign_parts.id', 'campaign_items.part_id')
    .innerJoin('accesses', 'accesses.id', 'campaign_items.access_id')
    .where('campaign_parts.campaign_id', '=', campaignId)
    .where('campaign_parts.person_id', '=', person)
    .orderBy('accesses.asset_id')
    .select(['accesses.asset_id', 'outcome', 'campaign_items.decided_by'])
    .execute()
  return rows.map(row => `${row.asset_id} ${row.outcome}${row.decided_by ? ` by ${row.decided_by}` : ''}`)
}

export const partId = async ({ deps }: World, campaignId: number, person: string, customer: string) => {
  const { id } = await deps.db
    .selectFrom('campaign_parts')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('person_id', '=', person)
    .where('customer_id', '=', customer)
    .executeTakeFirstOrThrow()
  return id
}

export const stateOf = async ({ deps }: World, id: number) =>
  (await deps.db.selectFrom('campaigns').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state

/** "USER01: Please re-validate your accesses", of the mails about campaigns. */
export async function campaignMails(world: World): Promise<string[]> {
  const mails = (await world.mails()).filter(mail => mail.subject_type === 'campaign')
  return mails.map(mail => `${mail.to_person}: ${mail.subject}`)
}

/** Many persons with an access of 10000-DEV each: CROWD000001, … */
export async function addCrowd({ db, clock }: Pick<Deps, 'db' | 'clock'>, count: number): Promise<void> {
  const now = nowInstant(clock)
  const numbers = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sql.raw(String(count))})`
  const code = sql`'CROWD' || substr('000000' || cast(n as text), length(cast(n as text)) + 1)`
  const key = sql`lower(${code}) || '@example.com'`
  await sql`insert into persons (id, login_id, login_key, first_name, last_name, display_name, primary_email, role,
      status, search_text, created_at)
    ${numbers} select ${code}, ${key}, ${key}, 'Crowd', cast(n as text), 'Crowd ' || cast(n as text), ${key},
      'STD_USER', 'ACTIVE', lower(${code}), ${sql.lit(now)} from numbers where true`.execute(db)
  await sql`insert into accesses (person_id, asset_id, customer_id, access_type, status, justification, created_at, granted_at)
    ${numbers} select ${code}, '10000-DEV', '10000', 'self-service-portal', 'APPROVED', 'One of many', ${sql.lit(now)},
      ${sql.lit(now)} from numbers`.execute(db)
}
