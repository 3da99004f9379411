import type { ListedItem, ListedPart } from '../../src/access/campaign-part-queries.ts'
import type { VisibleCampaign } from '../../src/access/campaign-queries.ts'
import type { Progress } from '../../src/access/campaign-states.ts'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable, type TableQuery } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Facts } from '../ui/facts.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { Time } from '../ui/time.tsx'
import { partColumns, RevalidationProgress } from './revalidation-parts.tsx'

interface Props {
  chrome: Chrome
  viewer: Actor
  customer: { id: string; name: string }
  campaigns: readonly VisibleCampaign[]
  campaign: VisibleCampaign | null
  shown: {
    progress: Progress
    rows: readonly ListedPart[]
    items: ReadonlyMap<number, readonly ListedItem[]>
    query: TableQuery
    page: PageOf
  } | null
}

/** For managers: who of their customer has re-validated, and who has not. */
export const RevalidationPage = ({ chrome, viewer, customer, campaigns, campaign, shown }: Props) => (
  <Page chrome={chrome} title="Re-validation">
    {campaign === null || shown === null ? (
      <EmptyState title="There has been no re-validation yet.">
        <p>
          When Continued Business Need (CBN) has to be validated, everybody concerned gets a mail, and here
          you see who of customer {customer.id} has answered.
        </p>
      </EmptyState>
    ) : (
      <>
        <Card title={campaign.name}>
          <Facts
            items={[
              { label: 'Customer', value: `${customer.id} ${customer.name}` },
              {
                label: 'Deadline',
                value: <Time at={campaign.due_at} zone={zoneOf(chrome)} look="sentence" />,
              },
              ...consequences(campaign, zoneOf(chrome)),
              { label: 'State', value: campaign.state === 'CLOSED' ? 'closed' : 'under way' },
            ]}
          />
          <RevalidationProgress progress={shown.progress} of="Persons" />
        </Card>
        <DataTable
          title="Persons"
          rows={shown.rows}
          columns={partColumns({
            viewer,
            zone: zoneOf(chrome),
            items: shown.items,
            withCustomer: false,
            hrefOf: person => paths.manageAccess(person),
          })}
          query={shown.query}
          href={query => paths.revalidation({ campaign: campaign.id, ...query })}
          defaultSort="person"
          page={shown.page}
          download={paths.revalidationCsv(campaign.id)}
          empty="Nobody of your customer has to re-validate anything."
        />
        <Others campaigns={campaigns} shown={campaign} />
      </>
    )}
  </Page>
)

export const consequences = (campaign: Pick<VisibleCampaign, 'suspend_at' | 'remove_at'>, zone: string) => [
  {
    label: 'Unanswered accesses are suspended',
    value: <Time at={campaign.suspend_at} zone={zone} look="sentence" none="never" />,
  },
  {
    label: 'Unanswered accesses are removed',
    value: <Time at={campaign.remove_at} zone={zone} look="sentence" none="never" />,
  },
]

const Others = ({ campaigns, shown }: { campaigns: readonly VisibleCampaign[]; shown: VisibleCampaign }) => {
  const others = campaigns.filter(campaign => campaign.id !== shown.id)
  if (others.length === 0) return null
  return (
    <Card title="Other re-validations">
      <ul class="link-list">
        {others.map(campaign => (
          <li>
            <a href={paths.revalidation({ campaign: campaign.id })}>{campaign.name}</a>
          </li>
        ))}
      </ul>
    </Card>
  )
}
