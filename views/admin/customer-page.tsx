import type { Row } from '../../db/schema.ts'
import type { assetsOfCustomer } from '../../src/assets/queries.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import type { PersonOfCustomer } from '../../src/people/customer-queries.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

export const NewCustomerPage = ({ chrome, form }: { chrome: Chrome; form: FormState }) => (
  <Page
    chrome={chrome}
    title="New Customer"
    crumbs={adminCrumbs.customers}
    width="form"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminCustomer('new')}>
      <Field
        form={form}
        name="id"
        label="Customer"
        required
        hint="An id such as 10000. Assets are named after it. It can’t be changed later."
        attrs={{ autocomplete: 'off', maxlength: 20, spellcheck: 'false' }}
      />
      <CustomerFields form={form} />
      <SaveButtons cancel={paths.adminCustomers()} />
    </Form>
  </Page>
)

interface CustomerPageProps {
  chrome: Chrome
  customer: Row<'customers'>
  form: FormState
  assets: Awaited<ReturnType<typeof assetsOfCustomer>>
  persons: readonly PersonOfCustomer[]
  history: readonly HistoryEntry[]
}

export const CustomerPage = ({ chrome, customer, form, assets, persons, history }: CustomerPageProps) => {
  const managers = persons.filter(person => person.manages && person.status === 'ACTIVE').length
  return (
    <Page
      chrome={chrome}
      title={`Customer ${customer.id}`}
      crumbs={adminCrumbs.customers}
      badge={<StatusBadge status={customer.status} />}
      wrong={hasErrors(form)}
      secondary={
        <>
          <ButtonLink
            href={`${paths.adminAsset('new')}?customer=${encodeURIComponent(customer.id)}`}
            icon="plus"
          >
            New Asset
          </ButtonLink>
          <ButtonLink
            href={`${paths.adminPerson('new')}?customer=${encodeURIComponent(customer.id)}`}
            icon="plus"
          >
            New Person
          </ButtonLink>
          <ButtonLink href={paths.adminCustomerAccesses(customer.id)}>Who can do what</ButtonLink>
        </>
      }
    >
      <ErrorSummary form={form} />
      {customer.status === 'ACTIVE' && managers < 2 && (
        <FewManagers customer={customer.id} managers={managers} />
      )}
      <Form chrome={chrome} action={paths.adminCustomer(customer.id)}>
        <CustomerFields form={form} edit />
        <SaveButtons />
      </Form>
      <AssetsOfCustomer assets={assets} />
      <PersonsOfCustomer persons={persons} />
      <History chrome={chrome} entries={history} />
    </Page>
  )
}

const FewManagers = ({ customer, managers }: { customer: string; managers: number }) => (
  <Callout
    kind="warning"
    title={managers === 0 ? 'This customer has no manager' : 'This customer has one manager'}
  >
    <p>
      A customer should have at least two managers, one primary and one backup, so that somebody is there to
      decide. {managers === 0 ? 'Add two' : 'Add another one'}: a new person with{' '}
      <a href={paths.newAccess({ customer, role: 'MANAGER' })}>New Access</a>, or with all fields under{' '}
      <a href={`${paths.adminPerson('new')}?customer=${encodeURIComponent(customer)}&role=MANAGER`}>
        Administration › Persons
      </a>
      . They count when they are ACTIVE.
    </p>
  </Callout>
)

const CustomerFields = ({ form, edit }: { form: FormState; edit?: boolean }) => (
  <>
    <Field form={form} name="name" label="Name" required attrs={{ maxlength: 100 }} />
    <Field
      form={form}
      name="parent_id"
      label="Parent"
      hint="The id of the customer above this one. Shown as information; it gives nobody any rights."
      attrs={{ autocomplete: 'off', maxlength: 20, spellcheck: 'false' }}
    />
    {edit && (
      <Field
        form={form}
        name="status"
        label="Status"
        kind="select"
        required
        options={[
          { value: 'ACTIVE', label: 'ACTIVE' },
          { value: 'INACTIVE', label: 'INACTIVE' },
        ]}
      />
    )}
  </>
)

const AssetsOfCustomer = ({ assets }: Pick<CustomerPageProps, 'assets'>) => (
  <DataTable
    title="Assets"
    rows={assets}
    columns={[
      {
        key: 'asset',
        label: 'Asset',
        look: 'id',
        cell: row => <a href={paths.adminAsset(row.id)}>{row.id}</a>,
      },
      { key: 'description', label: 'Description', look: 'grow', cell: row => row.description },
      { key: 'product', label: 'Product', cell: row => row.product },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
    ]}
    empty="This customer has no asset yet. Add one with New Asset."
  />
)

const PersonsOfCustomer = ({ persons }: Pick<CustomerPageProps, 'persons'>) => (
  <DataTable
    title="Persons"
    rows={persons}
    columns={[
      {
        key: 'person',
        label: 'Person',
        look: 'id',
        cell: row => <a href={paths.adminPerson(row.id)}>{row.id}</a>,
      },
      { key: 'name', label: 'Name', look: 'grow', cell: row => row.display_name },
      { key: 'login_id', label: 'Login ID', cell: row => row.login_id },
      {
        key: 'role',
        label: 'Role',
        cell: row => (row.role === 'MANAGER' && !row.manages ? 'MANAGER of another customer' : row.role),
      },
      { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
    ]}
    empty="Nobody has this customer in their Customer Access List yet. Add somebody with New Person."
  />
)
