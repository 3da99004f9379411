import type { HistoryEntry } from '../../src/audit/queries.ts'
import type { Authority } from '../../src/database-accounts/ca.ts'
import type { EngineWords } from '../../src/database-accounts/engine-options.ts'
import type { AssetOnServer, OpenAccount } from '../../src/database-accounts/server-queries.ts'
import { hasPassed } from '../../src/database-accounts/server-states.ts'
import type { DatabaseServer } from '../../src/database-accounts/servers.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { addressWords } from '../ui/address-words.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { LastCheck } from './database-server-check.tsx'
import { ServerFields } from './database-server-fields.tsx'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface ServerProps {
  chrome: Chrome
  form: FormState
  server: DatabaseServer
  /** The version the form was drawn with. */
  version: number
  engine: EngineWords
  /** How the portal comes by its password, in words. */
  credential: string
  authorities: readonly Authority[]
  assets: readonly AssetOnServer[]
  open: { total: number; rows: readonly OpenAccount[] }
  history: readonly HistoryEntry[]
}

export const DatabaseServerPage = (props: ServerProps) => {
  const { chrome, form, server, engine } = props
  return (
    <Page
      chrome={chrome}
      title={server.name}
      crumbs={adminCrumbs.databaseServers}
      badge={<StatusBadge status={server.suspended_at !== null ? 'SUSPENDED' : server.status} />}
      wrong={hasErrors(form)}
      secondary={<Acts chrome={chrome} server={server} />}
      back={{ label: 'List View', href: paths.adminDatabaseServers() }}
    >
      <ErrorSummary form={form} />
      <Warnings chrome={chrome} server={server} />
      <ServerFacts {...props} />
      <LastCheck chrome={chrome} server={server} />
      <Form chrome={chrome} action={paths.adminDatabaseServer(server.id)} hidden={{ version: props.version }}>
        <Field form={form} name="name" label="Name" required attrs={{ maxlength: 60, autocomplete: 'off' }} />
        {engine.hint && <p class="field-hint">{engine.hint}</p>}
        <ServerFields form={form} engines={[engine]} credential={props.credential} />
        {props.open.total > 0 && (
          <p class="help-note">
            {props.open.total === 1 ? 'An account is' : `${props.open.total} accounts are`} open on this
            server. With another address they are expected there: if another server answers, they are
            suspended until you have checked it.
          </p>
        )}
        <SaveButtons />
      </Form>
      <AssetsOnIt assets={props.assets} />
      <AccountsOnIt open={props.open} />
      <History chrome={chrome} entries={props.history} />
    </Page>
  )
}

const Acts = ({ chrome, server }: Pick<ServerProps, 'chrome' | 'server'>) =>
  server.status === 'ACTIVE' ? (
    <>
      <Form chrome={chrome} action={paths.adminDatabaseServerEvent(server.id, 'check')} look="inline">
        <Button icon="refresh">Check now</Button>
      </Form>
      <ButtonLink href={paths.adminDatabaseServerEvent(server.id, 'retire')} kind="danger">
        Retire
      </ButtonLink>
    </>
  ) : (
    <Form chrome={chrome} action={paths.adminDatabaseServerEvent(server.id, 'use')} look="inline">
      <Button>Put back in use</Button>
    </Form>
  )

const Warnings = ({ chrome, server }: Pick<ServerProps, 'chrome' | 'server'>) => (
  <>
    {server.suspended_at !== null && (
      <Callout kind="warning" title="This server is suspended">
        <p>
          Since <Time at={server.suspended_at} zone={zoneOf(chrome)} look="sentence" />:{' '}
          {server.suspended_why}. Nothing is granted on it, and its accounts are suspended.
        </p>
        <p>
          Save its present primary and standby below, or, when it is as it should be, press Check now: the
          accounts are given back as soon as a check passes.{' '}
          <a href={`${paths.helpPage('setting-up-a-database-server')}#failover`}>
            What to do after a failover
          </a>
        </p>
      </Callout>
    )}
    {server.status === 'ACTIVE' && !hasPassed(server) && (
      <Callout kind="info" title="No check has passed yet">
        <p>Accounts on this server are offered once a check has ended without anything that failed.</p>
      </Callout>
    )}
    {server.look_error !== null && (
      <Callout kind="failed" title="The server could not be asked">
        <p>
          At the last look, <Time at={server.looked_at} zone={zoneOf(chrome)} look="sentence" />:{' '}
          {server.look_error}
        </p>
      </Callout>
    )}
  </>
)

const ServerFacts = ({ server, engine, credential, authorities, chrome }: ServerProps) => (
  <Facts
    items={[
      { label: 'Kind', value: engine.label },
      { label: 'Primary', value: addressWords(server.host, server.port) },
      {
        label: 'High availability (HADR)',
        value:
          server.standby_host === null
            ? 'no'
            : `yes, standby at ${addressWords(server.standby_host, server.standby_port ?? server.port)}`,
      },
      { label: 'Password', value: credential },
      {
        label: 'Last look',
        value: <Time at={server.looked_at} zone={zoneOf(chrome)} none="never" />,
      },
      ...authorities.map(authority => ({
        label: 'CA',
        value: (
          <>
            {authority.subject}, valid until{' '}
            <Time at={authority.validTo.toISOString()} zone={zoneOf(chrome)} />
          </>
        ),
      })),
      ...(authorities.length === 0 && server.pin === null
        ? [{ label: 'CA', value: 'none: its certificate can’t be verified' }]
        : []),
    ]}
  />
)

const AssetsOnIt = ({ assets }: Pick<ServerProps, 'assets'>) => (
  <DataTable
    title="Databases"
    rows={assets}
    empty="No asset has its database here yet. Choose the server on an asset’s tab Database."
    columns={[
      {
        key: 'asset',
        label: 'Asset',
        look: 'id',
        cell: row => <a href={paths.adminAssetDatabase(row.asset_id)}>{row.asset_id}</a>,
      },
      { key: 'description', label: 'Description', look: 'grow', cell: row => row.description },
      { key: 'database', label: 'Database', look: 'code', cell: row => row.database_name },
      { key: 'group', label: 'Group', look: 'code', cell: row => row.group_name },
      {
        key: 'owners',
        label: 'Owners',
        cell: row => (JSON.parse(row.owners) as string[]).join(', ') || <span class="none">none</span>,
      },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
    ]}
  />
)

const AccountsOnIt = ({ open }: Pick<ServerProps, 'open'>) => (
  <DataTable
    title="Accounts"
    rows={open.rows}
    empty="No account is open on this server."
    foot={open.total > open.rows.length && <p>and {open.total - open.rows.length} more</p>}
    columns={[
      { key: 'account', label: 'Account', look: 'code', cell: row => row.account },
      {
        key: 'person',
        label: 'Person',
        cell: row => <a href={paths.manageAccess(row.person_id, { asset: row.asset_id })}>{row.person_id}</a>,
      },
      { key: 'asset', label: 'Asset', look: 'code', cell: row => row.asset_id },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
    ]}
  />
)
