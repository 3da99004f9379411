import type { ListedItem, ListedPart } from '../../src/access/campaign-part-queries.ts'
import type { VisibleCampaign } from '../../src/access/campaign-queries.ts'
import type { Progress } from '../../src/access/campaign-states.ts'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import { partColumns, RevalidationProgress } from '../access/revalidation-parts.tsx'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { CampaignFacts } from './campaign-page.tsx'
import { CampaignMark, campaignCrumbs } from './campaigns-page.tsx'

interface Props {
  chrome: Chrome
  viewer: Actor
  campaign: VisibleCampaign
  progress: Progress
  rows: readonly ListedPart[]
  items: ReadonlyMap<number, readonly ListedItem[]>
  query: TableQuery
  page: PageOf
}

/** To be printed or downloaded: who confirmed what when, what was removed or suspended. */
export const CampaignProofPage = ({ chrome, viewer, campaign, items, query, ...props }: Props) => (
  <Page
    chrome={chrome}
    title={`Proof of ${campaign.name}`}
    crumbs={[...campaignCrumbs, { label: campaign.name, href: paths.adminCampaign(campaign.id) }]}
    badge={<CampaignMark state={campaign.state} />}
  >
    <CampaignFacts chrome={chrome} campaign={campaign} />
    <Card title="Progress">
      <RevalidationProgress progress={props.progress} />
    </Card>
    <DataTable
      title="Persons"
      rows={props.rows}
      columns={partColumns({
        viewer,
        zone: zoneOf(chrome),
        items,
        withCustomer: true,
        hrefOf: person => paths.manageAccess(person),
      })}
      query={query}
      href={q => paths.adminCampaignProof(campaign.id, q)}
      defaultSort="person"
      page={props.page}
      download={paths.adminCampaignCsv(campaign.id)}
      empty="Nobody holds an access that has to be re-validated."
    />
  </Page>
)
