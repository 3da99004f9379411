import { classWords } from '../../src/assets/asset-states.ts'
import type { PresentState } from '../../src/assets/present-state.ts'
import type { AssetRequest, VisibleAsset } from '../../src/assets/queries.ts'
import type { AssetDatabase, DatabaseServer } from '../../src/database-accounts/servers.ts'
import type { ShownStore } from '../../src/files/shown-storage.ts'
import { paths } from '../../src/paths.ts'
import { AssetStorage } from '../files/asset-storage.tsx'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Facts } from '../ui/facts.tsx'
import { Icon } from '../ui/icon.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { databaseFacts } from './asset-database.tsx'
import { AssetPresent } from './asset-present.tsx'
import { AssetTimeline } from './asset-timeline.tsx'
import { assetTabs } from './who-can-page.tsx'

export interface ShownOffer {
  name: string
  description: string
  /** null: it can be requested. */
  why: string | null
  href: string | null
}

interface Props {
  chrome: Chrome
  asset: VisibleAsset
  /** null: operators have named none. */
  database: { database: AssetDatabase; server: DatabaseServer } | null
  present: PresentState
  offers: readonly ShownOffer[]
  /** Why nothing can be requested by this person, and whom to ask; null: they may. */
  notAllowed: string | null
  recent: readonly AssetRequest[]
  run: readonly AssetRequest[]
  storage: readonly ShownStore[]
  now: Date
  configure: boolean
}

export const AssetPage = ({
  chrome,
  asset,
  database,
  present,
  offers,
  notAllowed,
  recent,
  run,
  storage,
  now,
  configure,
}: Props) => (
  <Page
    chrome={chrome}
    title={asset.id}
    crumbs={[{ label: 'Assets', href: paths.assets() }]}
    badge={<StatusBadge status={asset.status} />}
    action={
      notAllowed === null && (
        <ButtonLink href={paths.newServiceRequest({ asset: asset.id })} kind="primary" icon="plus">
          New Service Request
        </ButtonLink>
      )
    }
    back={{ label: 'List View', href: paths.assets() }}
    tabs={assetTabs(asset.id, 'asset')}
    secondary={configure && <ButtonLink href={paths.adminAsset(asset.id)}>Set up this asset</ButtonLink>}
  >
    <Facts
      items={[
        { label: 'Description', value: asset.description },
        {
          label: 'Customer',
          value: (
            <>
              <code>{asset.customer_id}</code> {asset.customer_name}
            </>
          ),
        },
        { label: 'Class', value: classWords[asset.class] },
        { label: 'Product', value: asset.product },
        { label: 'Time zone', value: asset.time_zone },
        { label: 'Application', value: <ApplicationLink url={asset.application_url} /> },
        ...databaseFacts(database),
      ]}
    />
    <AssetPresent chrome={chrome} present={present} hasAddress={asset.health_url !== null} />
    <AssetTimeline chrome={chrome} asset={asset.id} run={run} now={now} />
    <Offers offers={offers} notAllowed={notAllowed} />
    <AssetStorage chrome={chrome} asset={asset.id} stores={storage} />
    <Recent chrome={chrome} asset={asset} recent={recent} />
  </Page>
)

const ApplicationLink = ({ url }: { url: string | null }) =>
  url === null ? (
    <span class="none">no address is known</span>
  ) : (
    <a href={url} rel="noreferrer">
      Open the application <Icon name="external" />
    </a>
  )

const Offers = ({ offers, notAllowed }: Pick<Props, 'offers' | 'notAllowed'>) => (
  <Card title="What can be requested here">
    {notAllowed && <p>{notAllowed}</p>}
    {offers.length === 0 && <p>No action has been set up in this portal yet.</p>}
    <ul class="offers">
      {offers.map(offer => (
        <li class={offer.why === null ? 'offer' : 'offer offer-off'}>
          <p class="offer-name">{offer.href ? <a href={offer.href}>{offer.name}</a> : offer.name}</p>
          <p class="offer-about">{offer.why === null ? offer.description : <>Not possible: {offer.why}</>}</p>
        </li>
      ))}
    </ul>
  </Card>
)

const Recent = ({ chrome, asset, recent }: Pick<Props, 'chrome' | 'asset' | 'recent'>) => (
  <DataTable
    title="Recent requests"
    rows={recent}
    toolbar={
      <ButtonLink kind="quiet" href={paths.serviceRequests({ asset: asset.id })}>
        All requests of {asset.id}
      </ButtonLink>
    }
    columns={[
      {
        key: 'service_request',
        label: 'Service Request',
        look: 'id',
        cell: row => <a href={paths.serviceRequest(row.id)}>{row.id}</a>,
      },
      { key: 'action', label: 'Action', look: 'grow', cell: row => row.action_name },
      { key: 'reported_by', label: 'Reported By', cell: row => row.reported_by_name },
      {
        key: 'reported_date',
        label: 'Reported Date',
        look: 'time',
        cell: row => <Time at={row.reported_at} zone={zoneOf(chrome)} />,
      },
      {
        key: 'actual_start',
        label: 'Actual Start',
        look: 'time',
        cell: row => <Time at={row.actual_start} zone={zoneOf(chrome)} />,
      },
      {
        key: 'status',
        label: 'Status',
        cell: row => (row.status === 'PENDING' ? row.status : <StatusBadge status={row.status} />),
      },
    ]}
    empty={`Nobody has requested anything for ${asset.id} yet.`}
  />
)
