import { sql } from 'kysely'
import { revalidationEscalated } from '../../views/emails/revalidation-escalated.ts'
import { revalidationNoManagers } from '../../views/emails/revalidation-no-managers.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMails, type NewMail } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { managersOf } from '../people/customer-queries.ts'
import { activeOperators } from '../people/operators.ts'
import { startWords } from '../service-requests/requested-start.ts'
import { isOpen } from './campaign-parts.ts'
import type { Campaign } from './campaigns.ts'

/** Customers to a transaction. */
const BATCH = 20
const mostNamed = 30

interface Unanswered {
  id: string
  name: string
  count: number
}

/** At the deadline: each manager is told once who of their customer has not answered; operators, where there is none. */
export async function escalate(deps: Deps, campaign: Campaign): Promise<void> {
  let last = ''
  for (;;) {
    const customers = await customersToTell(deps, campaign, last)
    if (customers.length === 0) return
    await deps.db.transaction().execute(tx => tellCustomers(tx, deps, campaign, customers))
    deps.wake()
    last = customers.at(-1)?.id ?? last
  }
}

const customersToTell = (deps: Deps, campaign: Campaign, last: string) =>
  deps.db
    .selectFrom('customers')
    .where('customers.id', '>', last)
    .where(eb =>
      eb.exists(
        eb
          .selectFrom('campaign_parts')
          .whereRef('campaign_parts.customer_id', '=', 'customers.id')
          .where('campaign_parts.campaign_id', '=', campaign.id)
          .where('campaign_parts.state', '=', 'OPEN')
          .where('campaign_parts.escalated_at', 'is', null)
          .select(sql.lit(1).as('one')),
      ),
    )
    .orderBy('customers.id')
    .limit(BATCH)
    .select(['customers.id', 'customers.name'])
    .execute()

async function tellCustomers(
  tx: Tx,
  deps: Deps,
  campaign: Campaign,
  customers: readonly { id: string; name: string }[],
): Promise<void> {
  const mails: NewMail[] = []
  const unmanaged: Unanswered[] = []
  for (const customer of customers) {
    const count = await claim(tx, deps, campaign, customer.id)
    if (count === 0) continue
    const toManagers = await managersMails(tx, deps, campaign, { ...customer, count })
    if (toManagers.length === 0) unmanaged.push({ ...customer, count })
    mails.push(...toManagers)
  }
  if (unmanaged.length > 0) mails.push(...(await operatorsMails(tx, deps, campaign, unmanaged)))
  await enqueueMails(tx, deps, mails)
}

/** How many parts are escalated now; 0: another node has done it. */
async function claim(tx: Tx, deps: Deps, campaign: Campaign, customerId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('campaign_parts')
    .set({ escalated_at: nowInstant(deps.clock) })
    .where('campaign_id', '=', campaign.id)
    .where('customer_id', '=', customerId)
    .where('state', '=', 'OPEN')
    .where('escalated_at', 'is', null)
    .where(isOpen)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

async function managersMails(
  tx: Tx,
  deps: Deps,
  campaign: Campaign,
  customer: Unanswered,
): Promise<NewMail[]> {
  const managers = await managersOf(tx, customer.id)
  if (managers.length === 0) return []
  const persons = await firstUnanswered(tx, campaign, customer.id)
  const zone = 'UTC'
  return managers.map(manager => ({
    ...revalidationEscalated({
      name: manager.display_name,
      customer: `${customer.id} ${customer.name}`,
      count: customer.count,
      persons,
      due: startWords(campaign.due_at, zone),
      suspend: campaign.suspend_at && startWords(campaign.suspend_at, zone),
      remove: campaign.remove_at && startWords(campaign.remove_at, zone),
      address: `${deps.config.PUBLIC_URL}${paths.revalidation({ campaign: campaign.id })}`,
    }),
    toAddress: manager.primary_email,
    toPerson: manager.id,
    template: 'revalidation-escalated',
    about: { type: 'campaign', id: campaign.id },
  }))
}

/** Operators are no persons to managers. */
async function firstUnanswered(tx: Tx, campaign: Campaign, customerId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('campaign_parts')
    .innerJoin('persons', 'persons.id', 'campaign_parts.person_id')
    .where('campaign_parts.campaign_id', '=', campaign.id)
    .where('campaign_parts.customer_id', '=', customerId)
    .where('campaign_parts.state', '=', 'OPEN')
    .where('persons.role', '!=', 'OPERATOR')
    .orderBy('campaign_parts.id')
    .limit(mostNamed)
    .select(['persons.id', 'persons.display_name'])
    .execute()
  return rows.map(row => `${row.id} ${row.display_name}`)
}

async function operatorsMails(
  tx: Tx,
  deps: Deps,
  campaign: Campaign,
  customers: readonly Unanswered[],
): Promise<NewMail[]> {
  const operators = await activeOperators(tx)
  return operators.map(operator => ({
    ...revalidationNoManagers({
      name: operator.display_name,
      campaign: campaign.name,
      customers,
      address: `${deps.config.PUBLIC_URL}${paths.adminCampaign(campaign.id)}`,
    }),
    toAddress: operator.primary_email,
    toPerson: operator.id,
    template: 'revalidation-no-managers',
    about: { type: 'campaign', id: campaign.id },
  }))
}
