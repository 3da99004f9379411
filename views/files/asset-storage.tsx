import type { ShownStore } from '../../src/files/shown-storage.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { Icon } from '../ui/icon.tsx'
import { storeWords } from './folder-page.tsx'

/** On the record of an asset: the way to its files and logs, or how one gets it. */
interface Props {
  chrome: Chrome
  asset: string
  stores: readonly ShownStore[]
}

export const AssetStorage = ({ chrome, asset, stores }: Props) => (
  <Card title="Object storage">
    <ul class="offers">
      {stores.map(({ store, open, offered, why }) => (
        <li class={open ? 'offer' : 'offer offer-off'}>
          {open ? (
            <p class="offer-name">
              <Icon name="folder" /> <a href={paths.store(asset, store)}>{storeWords[store]}</a>
            </p>
          ) : (
            <>
              <p class="offer-name">{storeWords[store]}</p>
              <p class="offer-about">
                {why}
                {offered && chrome.actor && (
                  <>
                    {' '}
                    <a href={paths.manageAccess(chrome.actor.id, { asset })}>Go to Manage Access</a>
                  </>
                )}
              </p>
            </>
          )}
        </li>
      ))}
    </ul>
  </Card>
)
