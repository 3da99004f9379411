import type { VisibleAsset } from '../../src/assets/queries.ts'
import { foldersAbove, nameOf, shownName } from '../../src/files/names.ts'
import type { DescribedEntry } from '../../src/files/object-store.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { type Crumb, Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import type { FormState } from '../ui/form-state.ts'
import type { PageOf } from '../ui/pager.tsx'
import type { TableQuery } from '../ui/table-columns.ts'
import { FolderTable } from './folder-table.tsx'
import { NewFolderForm, UploadForm } from './upload-forms.tsx'

export interface FolderPageProps {
  chrome: Chrome
  asset: VisibleAsset
  store: 'files' | 'logs'
  /** Key of the folder; '' is the whole store. */
  folder: string
  rows: readonly DescribedEntry[]
  query: TableQuery
  page: PageOf
  /** Days an object is kept after its last change; null: for ever. */
  keptDays: number | null
  mayUpload: boolean
  mayDelete: boolean
  /** Bytes a file may have. */
  uploadLimit: number
  form: FormState
}

/** A folder of an asset's files or logs. */
export const FolderPage = (props: FolderPageProps) => {
  const { chrome, asset, store, folder, form, mayUpload } = props
  return (
    <Page
      chrome={chrome}
      title={folder === '' ? `${storeWords[store]} of ${asset.id}` : shownName(nameOf(folder))}
      crumbs={crumbsOf(asset.id, store, folder)}
      wrong={hasErrors(form)}
      action={
        mayUpload && (
          <ButtonLink href="#upload" kind="primary">
            Upload a file
          </ButtonLink>
        )
      }
    >
      <ErrorSummary form={form} />
      <p class="lead">{leadOf(props)}</p>
      <FolderTable {...props} />
      {mayUpload && (
        <div class="folder-forms">
          <UploadForm {...props} />
          <NewFolderForm {...props} />
        </div>
      )}
    </Page>
  )
}

export const storeWords = { files: 'Files', logs: 'Logs' } as const

/** The pages above a folder, or above what stands in it. */
export const crumbsOf = (asset: string, store: 'files' | 'logs', key: string): Crumb[] => [
  { label: 'Assets', href: paths.assets() },
  { label: asset, href: paths.asset(asset) },
  ...(key === '' ? [] : [{ label: storeWords[store], href: paths.store(asset, store) }]),
  ...foldersAbove(key).map(above => ({
    label: shownName(nameOf(above)),
    href: paths.store(asset, store, { path: above }),
  })),
]

const leadOf = ({ asset, store, keptDays }: FolderPageProps) =>
  `${what[store].replace('{{asset}}', asset.id)} ${
    keptDays === null
      ? 'They are kept until an operator deletes them.'
      : `They are deleted ${keptDays} ${keptDays === 1 ? 'day' : 'days'} after their last change.`
  }`

const what = {
  files: 'What is exchanged with {{asset}}, such as imports, exports and attachments.',
  logs: 'What {{asset}} has written about its work.',
}
