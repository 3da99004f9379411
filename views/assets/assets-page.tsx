import type { ListedAsset } from '../../src/assets/queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { assetColumns } from './asset-columns.tsx'

interface Props {
  chrome: Chrome
  rows: readonly ListedAsset[]
  query: TableQuery
  page: PageOf
  /** Whom to ask when nothing is there. */
  ask: string
}

export const AssetsPage = ({ chrome, rows, query, page, ask }: Props) => {
  const { after: _after, before: _before, from: _from, ...filters } = query
  return (
    <Page chrome={chrome} title="Assets">
      <DataTable
        title="Assets"
        columns={assetColumns(paths.asset)}
        rows={rows}
        query={query}
        href={paths.assets}
        defaultSort="asset"
        page={page}
        download={paths.assetsCsv(filters)}
        empty={`You see no environment yet: no customer of your Customer Access List has one. ${ask}`}
      />
    </Page>
  )
}
