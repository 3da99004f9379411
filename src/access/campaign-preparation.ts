import { setImmediate as breathe } from 'node:timers/promises'
import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Row } from '../../db/schema.ts'
import { revalidationDue } from '../../views/emails/revalidation-due.ts'
import { record, systemActor } from '../audit/record.ts'
import type { Clock } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { ClaimedJob, JobOutcome } from '../jobs/handler.ts'
import { enqueue } from '../jobs/queue.ts'
import { mailPersons } from './campaign-mails.ts'
import { inForce } from './due-parts.ts'

export const PREPARATION_JOB = 'prepare re-validation'
/** Persons to a transaction: few enough that others hardly wait, many enough that statements are shared. */
const BATCH = 500

type Campaign = Row<'campaigns'>
type PreparationDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'engine' | 'checkpoint'>
const payload = z.object({ campaignId: z.number().int() })

/** One open job per campaign. Call deps.wake() after the commit. */
export const enqueuePreparation = (tx: Tx, clock: Clock, campaignId: number) =>
  enqueue(tx, clock, {
    name: PREPARATION_JOB,
    payload: { campaignId },
    uniqueKey: `campaign:${campaignId}`,
  })

/** Goes on where the campaign's cursor stands, until everybody has their parts and their mail. */
export async function prepareCampaign(deps: Deps, job: ClaimedJob): Promise<JobOutcome> {
  const { campaignId } = payload.parse(job.payload)
  while (await prepareBatch(deps, campaignId, tx => job.lease.guard(tx))) {
    deps.wake()
    await deps.checkpoint?.('persons prepared')
    // On SQLite nothing else has had its turn meanwhile.
    await breathe()
    job.lease.signal.throwIfAborted()
  }
  return { kind: 'done' }
}

/**
 * The next persons, all or none of them: their parts, the accesses in them, one mail each, and the cursor moved.
 * False when nothing is left to do. `guard` is the transaction's last statement.
 */
export const prepareBatch = (
  deps: PreparationDeps,
  campaignId: number,
  guard: (tx: Tx) => Promise<void>,
  size = BATCH,
): Promise<boolean> =>
  deps.db.transaction().execute(async tx => {
    const campaign = await takeCampaign(tx, deps, campaignId)
    if (campaign?.state !== 'PREPARING') return false
    const persons = await nextPersons(tx, campaign, size)
    const last = persons.at(-1)
    if (last === undefined) {
      await open(tx, deps, campaign)
    } else {
      const parts = await addParts(tx, deps, campaign, last)
      await mailPersons(tx, deps, campaign, 'revalidation-due', persons, revalidationDue)
      await moveCursor(tx, campaign, last, persons.length, parts)
    }
    await deps.checkpoint?.('persons being prepared')
    await guard(tx)
    return last !== undefined
  })

/** Of two nodes at the same campaign the second waits, and goes on where the first one came to. */
function takeCampaign(tx: Tx, { engine }: PreparationDeps, id: number): Promise<Campaign | undefined> {
  const query = tx.selectFrom('campaigns').selectAll().where('id', '=', id)
  return (engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
}

/** Accesses the campaign is about: granted before it began, and still there. */
const inScope = (db: Tx, campaign: Campaign) =>
  db
    .selectFrom('accesses')
    .where(inForce)
    .where('accesses.granted_at', '<=', campaign.started_at)
    .$if(campaign.customer_id !== null, query =>
      query.where('accesses.customer_id', '=', campaign.customer_id ?? ''),
    )

async function nextPersons(tx: Tx, campaign: Campaign, size: number): Promise<string[]> {
  const rows = await inScope(tx, campaign)
    .where('accesses.person_id', '>', campaign.prepared_to)
    .select('accesses.person_id')
    .distinct()
    .orderBy('accesses.person_id')
    .limit(size)
    .execute()
  return rows.map(row => row.person_id)
}

/** What the range holds is read and written by the database itself. Gives the number of parts. */
async function addParts(tx: Tx, deps: PreparationDeps, campaign: Campaign, last: string): Promise<number> {
  if (deps.engine === 'postgres') await holdStill(tx, campaign, last)
  const inRange = inScope(tx, campaign)
    .where('accesses.person_id', '>', campaign.prepared_to)
    .where('accesses.person_id', '<=', last)
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('campaign_parts')
    .columns(['campaign_id', 'person_id', 'customer_id', 'state'])
    .expression(
      inRange
        .groupBy(['accesses.person_id', 'accesses.customer_id'])
        .orderBy('accesses.person_id')
        .orderBy('accesses.customer_id')
        .select([
          sql.lit(campaign.id).as('campaign_id'),
          'accesses.person_id',
          'accesses.customer_id',
          sql.lit<'OPEN'>('OPEN').as('state'),
        ]),
    )
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('campaign_items')
    .columns(['part_id', 'access_id', 'outcome'])
    .expression(
      inRange
        .innerJoin('campaign_parts', join =>
          join
            .on('campaign_parts.campaign_id', '=', campaign.id)
            .onRef('campaign_parts.person_id', '=', 'accesses.person_id')
            // Not by the index of customers: to one that has no statistics yet it looks as good as that of persons.
            .on(sql<SqlBool>`coalesce(campaign_parts.customer_id, '') = accesses.customer_id`),
        )
        .select([
          'campaign_parts.id as part_id',
          'accesses.id as access_id',
          sql.lit<'OPEN'>('OPEN').as('outcome'),
        ]),
    )
    .execute()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

/** What the new rows refer to is locked in everybody's order: persons, then customers. */
async function holdStill(tx: Tx, campaign: Campaign, last: string): Promise<void> {
  await sql`select id from persons where id > ${campaign.prepared_to} and id <= ${last}
    order by id for key share`.execute(tx)
  await sql`select id from customers where id in (select customer_id from accesses
      where person_id > ${campaign.prepared_to} and person_id <= ${last})
    order by id for key share`.execute(tx)
}

async function moveCursor(tx: Tx, campaign: Campaign, to: string, persons: number, parts: number) {
  await tx
    .updateTable('campaigns')
    .set({ prepared_to: to, persons: campaign.persons + persons, parts: campaign.parts + parts })
    .where('id', '=', campaign.id)
    .execute()
}

async function open(tx: Tx, deps: PreparationDeps, campaign: Campaign): Promise<void> {
  await tx.updateTable('campaigns').set({ state: 'OPEN' }).where('id', '=', campaign.id).execute()
  const { id, customer_id, name, persons, parts } = campaign
  const subject = { type: 'campaign', id, customerId: customer_id } as const
  await record(tx, deps.clock, systemActor, 'campaign prepared', subject, { name, persons, parts })
}
