import type { VisibleAsset } from '../../src/assets/queries.ts'
import type { Holder, Where } from '../../src/assets/who-can.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { placeKeys, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { Tab } from '../ui/tabs.tsx'
import { WhoCanTable } from './who-can.tsx'

export const assetTabs = (id: string, current: 'asset' | 'accesses'): readonly Tab[] => [
  { label: 'Asset', href: paths.asset(id), current: current === 'asset' },
  { label: 'Who can do what here', href: paths.assetAccesses(id), current: current === 'accesses' },
]

interface ListProps {
  chrome: Chrome
  where: Where
  rows: readonly Holder[]
  query: TableQuery
  page: PageOf
}

interface AssetProps extends ListProps {
  asset: VisibleAsset
  /** Only the reader's own rows are shown. */
  ownOnly: boolean
}

export const AssetAccessesPage = ({ asset, ownOnly, query, ...list }: AssetProps) => (
  <Page
    chrome={list.chrome}
    title={asset.id}
    crumbs={[{ label: 'Assets', href: paths.assets() }]}
    badge={<StatusBadge status={asset.status} />}
    back={{ label: 'List View', href: paths.assets() }}
    tabs={assetTabs(asset.id, 'accesses')}
  >
    <p class="lead">
      {ownOnly
        ? `What you can do on ${asset.id}. Everybody’s accesses are shown to the managers of customer ${asset.customer_id}.`
        : `Who can do what on ${asset.id}, with accesses that cover all assets of customer ${asset.customer_id} and its managers. The operators of the portal can act on every asset.`}
    </p>
    <WhoCanTable
      {...list}
      query={query}
      href={place => paths.assetAccesses(asset.id, place)}
      download={paths.assetAccessesCsv(asset.id, withoutPlace(query))}
      empty={
        ownOnly ? 'You hold no access here.' : 'Nobody holds an access here, and nobody decides about one.'
      }
    />
  </Page>
)

interface CustomerProps extends ListProps {
  customer: { id: string; name: string }
}

export const CustomerAccessesPage = ({ customer, query, ...list }: CustomerProps) => (
  <Page
    chrome={list.chrome}
    title={`Accesses of customer ${customer.id}`}
    crumbs={[
      { label: 'Administration', href: paths.admin() },
      { label: 'Customers', href: paths.adminCustomers() },
      { label: customer.id, href: paths.adminCustomer(customer.id) },
    ]}
  >
    <p class="lead">
      Who can do what on the assets of {customer.name}: accesses by person, with the managers.
    </p>
    <WhoCanTable
      {...list}
      query={query}
      href={place => paths.adminCustomerAccesses(customer.id, place)}
      download={paths.adminCustomerAccessesCsv(customer.id, withoutPlace(query))}
      empty="Nobody holds an access of this customer, and it has no manager."
    />
  </Page>
)

const withoutPlace = (query: TableQuery) =>
  Object.fromEntries(
    Object.entries(query).filter(([name]) => !(placeKeys as readonly string[]).includes(name)),
  )
