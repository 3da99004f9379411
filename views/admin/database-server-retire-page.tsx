import type { AssetOnServer, OpenAccount } from '../../src/database-accounts/server-queries.ts'
import type { DatabaseServer } from '../../src/database-accounts/servers.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { adminCrumbs } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  server: DatabaseServer
  assets: readonly AssetOnServer[]
  open: { total: number; rows: readonly OpenAccount[] }
}

export const RetireServerPage = ({ chrome, server, assets, open }: Props) => (
  <ConfirmPage
    possible={open.total === 0}
    chrome={chrome}
    title={`Retire ${server.name}?`}
    crumbs={[
      ...adminCrumbs.databaseServers,
      { label: server.name, href: paths.adminDatabaseServer(server.id) },
    ]}
    what={
      <>
        <p>
          No account is offered on it any more, and the portal leaves it alone. You can put it back in use at
          any time.
        </p>
        {assets.length > 0 && (
          <p>Database accounts are then not offered on {assets.map(asset => asset.asset_id).join(', ')}.</p>
        )}
        {open.total > 0 && <Blocking open={open} />}
      </>
    }
    action={paths.adminDatabaseServerEvent(server.id, 'retire')}
    confirm="Retire"
    danger
    cancelHref={paths.adminDatabaseServer(server.id)}
  />
)

const Blocking = ({ open }: Pick<Props, 'open'>) => (
  <>
    <p>
      It can’t be retired yet: {open.total === 1 ? 'this account is' : `these ${open.total} accounts are`}{' '}
      open on it. Remove or move them first.
    </p>
    <ul>
      {open.rows.map(row => (
        <li>
          <code>{row.account}</code>,{' '}
          <a href={paths.manageAccess(row.person_id, { asset: row.asset_id })}>{row.person_id}</a> on{' '}
          {row.asset_id}: {row.status}
        </li>
      ))}
      {open.total > open.rows.length && <li>and {open.total - open.rows.length} more</li>}
    </ul>
  </>
)
