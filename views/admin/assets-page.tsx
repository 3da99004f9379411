import type { ListedAsset } from '../../src/assets/queries.ts'
import { paths } from '../../src/paths.ts'
import { assetColumns } from '../assets/asset-columns.tsx'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  rows: readonly ListedAsset[]
  query: TableQuery
  page: PageOf
}

export const AdminAssetsPage = ({ chrome, rows, query, page }: Props) => (
  <Page
    chrome={chrome}
    title="Assets administration"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminAsset('new')} kind="primary" icon="plus">
        New Asset
      </ButtonLink>
    }
  >
    <DataTable
      title="Assets"
      columns={assetColumns(paths.adminAsset)}
      rows={rows}
      query={query}
      href={paths.adminAssets}
      defaultSort="asset"
      page={page}
      empty="There is no asset yet. Add a customer first, then its assets with New Asset."
    />
  </Page>
)
