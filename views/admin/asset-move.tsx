import type { Child } from 'hono/jsx'
import type { AccessType } from '../../src/access/access-types.ts'
import { fateOf } from '../../src/access/fate.ts'
import type { OpenOnAsset } from '../../src/assets/take-away-asset.ts'
import { paths } from '../../src/paths.ts'
import { isRunning } from '../../src/service-requests/running.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { type Suggested, Suggestions } from './customer-suggestions.tsx'

type OpenRequest = OpenOnAsset['requests'][number]
type OpenAccess = OpenOnAsset['accesses'][number]

interface Props {
  chrome: Chrome
  form: FormState
  open: OpenOnAsset
  /** Names exactly what is shown. */
  shown: string
  names: ReadonlyMap<string, string>
  types: ReadonlyMap<string, Pick<AccessType, 'name' | 'scope'>>
}

export const RetireAssetPage = (props: Props) => (
  <GoingPage
    {...props}
    title={`Retire ${props.open.asset.id}?`}
    action={paths.adminAssetRetire(props.open.asset.id)}
    verb={`Retire ${props.open.asset.id}`}
  >
    <p class="lead">
      Nothing can be requested for {props.open.asset.id} any more. Its past requests and their logs stay. It
      can be put back in use later; accesses are then requested anew.
    </p>
  </GoingPage>
)

export const MoveAssetPage = ({ customers, ...props }: Props & { customers: Suggested }) => {
  const { asset } = props.open
  return (
    <GoingPage
      {...props}
      title={`Move ${asset.id} to another customer`}
      action={paths.adminAssetMove(asset.id)}
      verb={`Move ${asset.id}`}
      hidden={{ from: asset.customer_id }}
      fields={
        <>
          <Field
            form={props.form}
            name="customer_id"
            label="New Customer"
            required
            hint={`The id of the customer it belongs to from now on. Now it is ${asset.customer_id}.`}
            attrs={{ autocomplete: 'off', list: 'customer-suggestions', maxlength: 20 }}
          />
          <Suggestions customers={customers} />
        </>
      }
    >
      <p class="lead">
        Past requests and their logs stay with customer{' '}
        <a href={paths.adminCustomer(asset.customer_id)}>{asset.customer_id}</a>. The id {asset.id}, its
        actions, runbooks and variables stay as they are: check them afterwards. So do its database and what
        lies in its file and log stores: the new customer’s persons, who request their own accesses, find
        there what the former customer has left.
      </p>
    </GoingPage>
  )
}

interface GoingProps extends Props {
  title: string
  action: string
  verb: string
  hidden?: Readonly<Record<string, string>>
  fields?: Child
  children?: Child
}

const GoingPage = ({ chrome, form, open, shown, names, types, ...page }: GoingProps) => {
  const { asset, requests, accesses } = open
  const running = requests.filter(({ status }) => isRunning(status))
  const ends = accesses.filter(access => fateOf(access) !== 'ended').length
  return (
    <Page
      chrome={chrome}
      title={page.title}
      crumbs={[...adminCrumbs.assets, { label: asset.id, href: paths.adminAsset(asset.id) }]}
      badge={<StatusBadge status={asset.status} />}
      wrong={hasErrors(form)}
    >
      <ErrorSummary form={form} />
      {page.children}
      {running.length > 0 && <Blocked id={asset.id} running={running} />}
      <Requests requests={requests} names={names} />
      <Accesses accesses={accesses} names={names} types={types} />
      <LostElsewhere
        customer={asset.customer_id}
        count={
          accesses.filter(
            access => fateOf(access) === 'removed' && types.get(access.access_type)?.scope === 'customer',
          ).length
        }
      />
      <Form chrome={chrome} action={page.action} hidden={{ ...page.hidden, shown }}>
        {page.fields}
        <FormButtons>
          {running.length === 0 && (
            <Button kind="danger">{buttonWords(page.verb, requests.length, ends)}</Button>
          )}
          <ButtonLink href={paths.adminAsset(asset.id)} kind="quiet">
            Go back
          </ButtonLink>
        </FormButtons>
      </Form>
    </Page>
  )
}

/** "Retire 10000-DEV, cancel 1 request and end 3 accesses" */
export function buttonWords(verb: string, requests: number, accesses: number): string {
  const parts = [
    ...(requests > 0 ? [`cancel ${requests} ${requests === 1 ? 'request' : 'requests'}`] : []),
    ...(accesses > 0 ? [`end ${accesses} ${accesses === 1 ? 'access' : 'accesses'}`] : []),
  ]
  if (parts.length === 0) return verb
  return parts.length === 1 ? `${verb} and ${parts[0]}` : `${verb}, ${parts[0]} and ${parts[1]}`
}

const Blocked = ({ id, running }: { id: string; running: readonly OpenRequest[] }) => (
  <Callout kind="warning" title={`Not now: service requests of ${id} are under way`}>
    <p>
      {running.map((request, i) => (
        <>
          {i > 0 && ', '}
          <a href={paths.serviceRequest(request.id)}>{request.id}</a> ({request.status})
        </>
      ))}
      . Let them end, or settle them, then open this page again.
    </p>
  </Callout>
)

/** An access on one asset may be what opens all the others. */
const LostElsewhere = ({ customer, count }: { customer: string; count: number }) =>
  count === 0 ? null : (
    <Callout kind="warning">
      <p>
        {count === 1 ? 'One of these accesses covers' : `${count} of these accesses cover`} all assets of
        customer {customer}. Whoever holds no other one loses those assets as well, and requests the access
        anew on another one.
      </p>
    </Callout>
  )

/** More than anybody reads; the counts tell of all of them. */
const mostRows = 200

const Requests = ({ requests, names }: { requests: readonly OpenRequest[]; names: Props['names'] }) => (
  <DataTable
    title="Open service requests"
    rows={requests.slice(0, mostRows)}
    toolbar={<Count of={requests.length} />}
    columns={[
      {
        key: 'service_request',
        label: 'Service Request',
        look: 'id',
        cell: row => <a href={paths.serviceRequest(row.id)}>{row.id}</a>,
      },
      { key: 'action', label: 'Action', cell: row => row.action_name },
      { key: 'reported_by', label: 'Reported By', cell: row => <Who id={row.reported_by} names={names} /> },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
      {
        key: 'fate',
        label: 'What happens',
        cell: row =>
          isRunning(row.status) ? 'It has to end first.' : 'CANCELLED; the requester is told why.',
      },
    ]}
    empty="No service request is open."
  />
)

const Accesses = ({
  accesses,
  names,
  types,
}: Pick<Props, 'names' | 'types'> & { accesses: readonly OpenAccess[] }) => (
  <DataTable
    title="Open accesses"
    rows={accesses.slice(0, mostRows)}
    toolbar={<Count of={accesses.length} />}
    columns={[
      {
        key: 'person',
        label: 'Person',
        look: 'id',
        cell: row => <a href={paths.manageAccess(row.person_id, { asset: row.asset_id })}>{row.person_id}</a>,
      },
      { key: 'name', label: 'Name', cell: row => names.get(row.person_id) ?? '' },
      { key: 'type', label: 'Access Type', cell: row => types.get(row.access_type)?.name ?? row.access_type },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
      { key: 'fate', label: 'What happens', cell: row => fateWords[fateOf(row)] },
    ]}
    empty="Nobody holds or waits for an access."
  />
)

const fateWords = {
  rejected: 'REJECTED; requester and person are told why.',
  removed: 'PENDING REMOVAL, then REMOVED when it is proven gone.',
  ended: 'It is on its way out already.',
} as const

const Who = ({ id, names }: { id: string; names: Props['names'] }) => (
  <span>
    <code>{id}</code> {names.get(id)}
  </span>
)

const Count = ({ of }: { of: number }) =>
  of > mostRows ? (
    <span class="soft">
      {mostRows} of {of}
    </span>
  ) : null
