import type { CustomerProgress } from '../../src/access/campaign-part-queries.ts'
import type { VisibleCampaign } from '../../src/access/campaign-queries.ts'
import { type Progress, partStates, partWords, totalOf } from '../../src/access/campaign-states.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import { consequences } from '../access/revalidation-page.tsx'
import { RevalidationProgress } from '../access/revalidation-parts.tsx'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import { Facts } from '../ui/facts.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { percent } from '../ui/progress-picture.tsx'
import { Time } from '../ui/time.tsx'
import { CampaignMark, campaignCrumbs, scopeWords } from './campaigns-page.tsx'
import { History } from './history.tsx'

interface Props {
  chrome: Chrome
  campaign: VisibleCampaign
  progress: Progress
  rows: readonly CustomerProgress[]
  query: TableQuery
  page: PageOf
  history: readonly HistoryEntry[]
}

/** How far a re-validation is, customer by customer. */
export const CampaignPage = ({ chrome, campaign, progress, rows, query, page, history }: Props) => (
  <Page
    chrome={chrome}
    title={campaign.name}
    crumbs={campaignCrumbs}
    badge={<CampaignMark state={campaign.state} />}
    action={<ButtonLink href={paths.adminCampaignProof(campaign.id)}>Proof</ButtonLink>}
    secondary={
      campaign.state !== 'CLOSED' && (
        <ButtonLink href={paths.adminCampaignClose(campaign.id)} kind="danger">
          Close early
        </ButtonLink>
      )
    }
  >
    {campaign.state === 'PREPARING' && (
      <Callout>
        <p>
          It is being prepared: {campaign.persons.toLocaleString('en-US')} persons so far. Reload the page to
          see how far it is.
        </p>
      </Callout>
    )}
    <Card title="Progress">
      <RevalidationProgress progress={progress} />
    </Card>
    <CampaignFacts chrome={chrome} campaign={campaign} />
    <DataTable
      title="Customers"
      rows={rows}
      columns={columnsFor(campaign.id)}
      query={query}
      href={q => paths.adminCampaign(campaign.id, q)}
      defaultSort="customer"
      page={page}
      download={paths.adminCampaignCsv(campaign.id)}
      empty="Nobody holds an access that has to be re-validated."
    />
    <History chrome={chrome} entries={history} />
  </Page>
)

export const CampaignFacts = ({ chrome, campaign }: Pick<Props, 'chrome' | 'campaign'>) => {
  const zone = zoneOf(chrome)
  return (
    <Facts
      items={[
        { label: 'For', value: scopeWords(campaign) },
        { label: 'Started', value: <Time at={campaign.started_at} zone={zone} look="sentence" /> },
        { label: 'Started by', value: campaign.started_by ?? 'the portal, as the settings say' },
        { label: 'Deadline', value: <Time at={campaign.due_at} zone={zone} look="sentence" /> },
        ...consequences(campaign, zone),
        {
          label: 'Closed',
          value: <Time at={campaign.closed_at} zone={zone} look="sentence" none="not yet" />,
        },
        { label: 'Persons', value: campaign.persons.toLocaleString('en-US') },
      ]}
    />
  )
}

const columnsFor = (campaignId: number): readonly Column<CustomerProgress>[] => [
  {
    key: 'customer',
    label: 'Customer',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => (
      <a href={paths.adminCampaignProof(campaignId, { customer: row.customer_id })}>{row.customer_id}</a>
    ),
  },
  { key: 'name', label: 'Name', look: 'grow', cell: row => row.customer_name },
  ...partStates.map(
    (state): Column<CustomerProgress> => ({
      key: state.toLowerCase(),
      label: capital(partWords[state]),
      look: 'number',
      cell: row => row[state].toLocaleString('en-US'),
    }),
  ),
  {
    key: 'answered',
    label: 'Answered',
    look: 'number',
    cell: row => percent(row.CONFIRMED + row.ENDED, totalOf(row)),
  },
]

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
