import type { Asset } from '../../src/assets/queries.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import type { OpenAccount } from '../../src/database-accounts/server-queries.ts'
import type { DatabaseServer } from '../../src/database-accounts/servers.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { typedAsCode, typedExactly } from '../ui/typed-exactly.ts'
import { adminCrumbs } from './admin-crumb.ts'
import { assetTabs } from './asset-page.tsx'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface Props {
  chrome: Chrome
  asset: Asset
  form: FormState
  version: number
  /** The one it is on; null: it has no database. */
  server: DatabaseServer | null
  servers: readonly DatabaseServer[]
  /** Why no account can be requested; null: it can. */
  why: string | null
  open: { total: number; rows: readonly OpenAccount[] }
  history: readonly HistoryEntry[]
}

export const AssetDatabasePage = (props: Props) => {
  const { chrome, asset, form, server, why } = props
  return (
    <Page
      chrome={chrome}
      title={asset.id}
      crumbs={adminCrumbs.assets}
      badge={<StatusBadge status={asset.status} />}
      wrong={hasErrors(form)}
      secondary={
        server && <ButtonLink href={paths.adminDatabaseServer(server.id)}>Open {server.name}</ButtonLink>
      }
      back={{ label: 'List View', href: paths.adminAssets() }}
      tabs={assetTabs(asset.id, 'database')}
    >
      <ErrorSummary form={form} />
      <Callout kind={why === null ? 'done' : 'info'} title={why === null ? 'Offered' : 'Not offered'}>
        <p>{why ?? `Database accounts can be requested on ${asset.id}.`}</p>
      </Callout>
      <Form chrome={chrome} action={paths.adminAssetDatabase(asset.id)} hidden={{ version: props.version }}>
        <DatabaseFields {...props} />
        <SaveButtons />
      </Form>
      <Open open={props.open} />
      <History chrome={chrome} entries={props.history} />
    </Page>
  )
}

const DatabaseFields = ({ form, asset, server, servers }: Props) => (
  <>
    <Field
      form={form}
      name="server_id"
      label="Database server"
      kind="select"
      required
      hint={
        servers.length === 0 ? (
          <>
            There is none in use. <a href={paths.adminDatabaseServer('new')}>Enter one</a> first.
          </>
        ) : (
          'A server with a standby has high availability (HADR); production needs it.'
        )
      }
      options={serverOptions(server, servers)}
    />
    <Field
      form={form}
      name="database_name"
      label="Database"
      required
      hint="Its name on the server."
      attrs={typedExactly(63)}
    />
    <Field
      form={form}
      name="group_name"
      label="Group"
      required
      hint={
        <>
          Names the groups that hold the rights: <code>gatehouse_GROUP_rw</code> and{' '}
          <code>gatehouse_GROUP_ro</code>. Small letters, digits and _.
        </>
      }
      attrs={typedExactly(40)}
    />
    <Field
      form={form}
      name="owners"
      label="Owners"
      kind="textarea"
      rows={3}
      hint="Accounts that own the application’s tables, one a line. What they make later is readable and writable too. New ones count for an account from its next password on."
      attrs={typedAsCode}
    />
    <Field
      form={form}
      name="reset_at"
      label="Reset expiring passwords at"
      required
      hint="Before a password ends, it is reset at this time of day."
      suffix={asset.time_zone}
      attrs={{ autocomplete: 'off', maxlength: 5, inputmode: 'numeric', placeholder: '02:00' }}
    />
  </>
)

/** The stored one stays choosable although it is retired. */
const serverOptions = (server: DatabaseServer | null, servers: readonly DatabaseServer[]) => {
  const retired = server !== null && servers.every(({ id }) => id !== server.id)
  return [
    ...[...servers, ...(retired ? [server] : [])].map(({ id, name, status, standby_host }) => ({
      value: String(id),
      label: `${name}${standby_host === null ? '' : ' (HADR)'}${status === 'RETIRED' ? ' (RETIRED)' : ''}`,
    })),
    ...(server === null ? [] : [{ value: 'none', label: 'none: no database accounts' }]),
  ]
}

const Open = ({ open }: Pick<Props, 'open'>) =>
  open.total === 0 ? null : (
    <Callout kind="info" title="Accounts are open">
      <p>
        Server, database and group can’t be changed while{' '}
        {open.total === 1 ? 'this account is' : `these ${open.total} accounts are`} open:
      </p>
      <ul>
        {open.rows.map(row => (
          <li>
            <code>{row.account}</code>,{' '}
            <a href={paths.manageAccess(row.person_id, { asset: row.asset_id })}>{row.person_id}</a>:{' '}
            {row.status}
          </li>
        ))}
        {open.total > open.rows.length && <li>and {open.total - open.rows.length} more</li>}
      </ul>
    </Callout>
  )
