import type { Row } from '../../db/schema.ts'
import type { RevalidationMail } from '../../views/emails/revalidation.ts'
import type { MailText } from '../../views/emails/service-request.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMails } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { startWords } from '../service-requests/requested-start.ts'
import { inForce } from './due-parts.ts'

type Campaign = Row<'campaigns'>
type MailDeps = Pick<Deps, 'clock' | 'config'>

/** One mail for each of these persons about all their unanswered parts. Few hundred persons at a time. */
export async function mailPersons(
  tx: Tx,
  deps: MailDeps,
  campaign: Campaign,
  template: string,
  personIds: readonly string[],
  write: (about: RevalidationMail) => MailText,
): Promise<void> {
  const parts = await partsOf(tx, campaign, personIds)
  const timesIn = rememberedTimes(campaign)
  await enqueueMails(
    tx,
    deps,
    (await addressees(tx, [...parts.keys()])).map(person => ({
      ...write({
        name: person.display_name,
        parts: parts.get(person.id) ?? [],
        address: `${deps.config.PUBLIC_URL}${paths.manageAccess(person.id)}`,
        ...timesIn(person.time_zone ?? 'UTC'),
      }),
      toAddress: person.primary_email,
      toPerson: person.id,
      template,
      about: { type: 'campaign', id: campaign.id },
    })),
  )
}

async function partsOf(
  tx: Tx,
  campaign: Campaign,
  personIds: readonly string[],
): Promise<Map<string, RevalidationMail['parts'][number][]>> {
  const found = new Map<string, RevalidationMail['parts'][number][]>()
  if (personIds.length === 0) return found
  const rows = await tx
    .selectFrom('campaign_parts')
    .innerJoin('customers', 'customers.id', 'campaign_parts.customer_id')
    .where('campaign_parts.campaign_id', '=', campaign.id)
    .where('campaign_parts.person_id', 'in', [...personIds])
    .where('campaign_parts.state', '=', 'OPEN')
    .orderBy('campaign_parts.person_id')
    .orderBy('campaign_parts.customer_id')
    .select(eb => [
      'campaign_parts.person_id',
      'customers.id as customer_id',
      'customers.name as customer_name',
      eb
        .selectFrom('campaign_items')
        .innerJoin('accesses', 'accesses.id', 'campaign_items.access_id')
        .whereRef('campaign_items.part_id', '=', 'campaign_parts.id')
        .where(inForce)
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('accesses'),
    ])
    .execute()
  for (const { person_id, ...part } of rows) {
    const parts = found.get(person_id)
    if (parts) parts.push(part)
    else found.set(person_id, [part])
  }
  return found
}

/** Who is INACTIVE can't answer, and is not written to. */
async function addressees(tx: Tx, ids: readonly string[]) {
  if (ids.length === 0) return []
  return tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone'])
    .where('id', 'in', [...ids])
    .where('status', '!=', 'INACTIVE')
    .orderBy('id')
    .execute()
}

/** The campaign's times in the words of a zone; most people share a few zones. */
function rememberedTimes(campaign: Campaign) {
  const known = new Map<string, Pick<RevalidationMail, 'due' | 'suspend' | 'remove'>>()
  return (zone: string) => {
    const words = known.get(zone) ?? {
      due: startWords(campaign.due_at, zone),
      suspend: campaign.suspend_at && startWords(campaign.suspend_at, zone),
      remove: campaign.remove_at && startWords(campaign.remove_at, zone),
    }
    known.set(zone, words)
    return words
  }
}
