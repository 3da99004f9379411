import type { VisibleAsset } from '../../src/assets/queries.ts'
import { nameOf, parentOf, shownKey, shownName } from '../../src/files/names.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { crumbsOf } from './folder-page.tsx'

interface Props {
  chrome: Chrome
  asset: VisibleAsset
  store: 'files' | 'logs'
  /** Its key. */
  file: string
}

export const DeletePage = ({ chrome, asset, store, file }: Props) => (
  <ConfirmPage
    chrome={chrome}
    title={`Delete ${shownName(nameOf(file))}?`}
    crumbs={crumbsOf(asset.id, store, file)}
    what={
      <p>
        <code>{shownKey(file)}</code> will be gone for everybody who works with {asset.id}. It can’t be
        brought back.
      </p>
    }
    action={paths.storeDelete(asset.id, store, { path: file })}
    confirm="Delete file"
    danger
    cancelHref={paths.store(asset.id, store, { path: parentOf(file) })}
  />
)
