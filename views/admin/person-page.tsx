import type { Row } from '../../db/schema.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import type { CustomerOfPerson, openAccesses } from '../../src/people/queries.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import type { Suggested } from './customer-suggestions.tsx'
import { History } from './history.tsx'
import { PersonFields } from './person-fields.tsx'
import { EnterSaves } from './rows.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface NewPersonProps {
  chrome: Chrome
  form: FormState
  customers: Suggested
}

export const NewPersonPage = ({ chrome, form, customers }: NewPersonProps) => (
  <Page chrome={chrome} title="New Person" crumbs={adminCrumbs.persons} width="form" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <p class="lead">
      A mail with a single-use link to set a password goes out after you save, as soon as the person is
      ACTIVE.
    </p>
    <Form chrome={chrome} action={paths.adminPerson('new')}>
      <EnterSaves />
      <Field
        form={form}
        name="id"
        label="Person"
        required
        hint="A short code such as USER01. It can’t be changed later."
        attrs={{ autocomplete: 'off', maxlength: 30, spellcheck: 'false' }}
      />
      <PersonFields form={form} customers={customers} />
      <SaveButtons cancel={paths.adminPersons()} />
    </Form>
  </Page>
)

interface PersonPageProps extends NewPersonProps {
  person: Row<'persons'>
  list: readonly CustomerOfPerson[]
  /** A Primary Email that waits for its confirmation. */
  pendingEmail: string | null
  /** Of an INACTIVE person: accesses not proven gone yet. */
  leaving: Awaited<ReturnType<typeof openAccesses>>
  history: readonly HistoryEntry[]
}

export const PersonPage = ({
  chrome,
  form,
  customers,
  person,
  list,
  pendingEmail,
  leaving,
  history,
}: PersonPageProps) => (
  <Page
    chrome={chrome}
    title={person.display_name}
    crumbs={adminCrumbs.persons}
    badge={<StatusBadge status={person.status} />}
    wrong={hasErrors(form)}
    secondary={
      <>
        <ButtonLink href={paths.manageAccess(person.id)}>Manage Access</ButtonLink>
        <ButtonLink href={paths.adminPersonHistory(person.id)}>Whole history</ButtonLink>
        <Acts chrome={chrome} person={person} />
      </>
    }
  >
    <ErrorSummary form={form} />
    {leaving.length > 0 && <Leaving leaving={leaving} />}
    {person.status === 'INACTIVE' && (
      <p class="lead">
        “Reactivate” lets {person.id} sign in again. Accesses do not come back: they are requested anew.
      </p>
    )}
    <Facts
      items={[
        { label: 'Person', value: <code>{person.id}</code> },
        { label: 'Created', value: <Time at={person.created_at} zone={zoneOf(chrome)} /> },
        {
          label: 'Password set',
          value: <Time at={person.password_changed_at} zone={zoneOf(chrome)} none="not yet" />,
        },
        { label: 'Time zone', value: person.time_zone ?? 'UTC (none chosen)' },
        ...(pendingEmail === null ? [] : [{ label: 'Waits for confirmation', value: pendingEmail }]),
      ]}
    />
    <Form
      chrome={chrome}
      action={paths.adminPerson(person.id)}
      hidden={{
        version: form.values.version ?? person.version,
        ...(form.values.customers_kept === 'yes' && { customers_kept: 'yes' }),
      }}
    >
      <EnterSaves />
      <PersonFields form={form} customers={customers} />
      <SaveButtons />
    </Form>
    <ListOfPerson person={person} list={list} />
    <History chrome={chrome} entries={history} />
  </Page>
)

/** A deactivation is done when everything is proven gone. */
const Leaving = ({ leaving }: Pick<PersonPageProps, 'leaving'>) => (
  <Callout>
    <p>The deactivation is not done yet. These accesses are still being removed:</p>
    <ul>
      {leaving.map(access => (
        <li>
          {access.access_type} on {access.asset_id}: {access.pending_status ?? access.status}
        </li>
      ))}
    </ul>
  </Callout>
)

const Acts = ({ chrome, person }: { chrome: Chrome; person: Row<'persons'> }) =>
  person.status === 'INACTIVE' ? (
    <Form chrome={chrome} action={paths.adminPersonEvent(person.id, 'reactivate')} look="inline">
      <Button>Reactivate</Button>
    </Form>
  ) : (
    <>
      {person.status === 'ACTIVE' && (
        <Form chrome={chrome} action={paths.adminPersonEvent(person.id, 'sign-in-link')} look="inline">
          <Button>Send new sign-in link</Button>
        </Form>
      )}
      <ButtonLink href={paths.adminPersonEvent(person.id, 'deactivate')} kind="danger">
        Deactivate
      </ButtonLink>
    </>
  )

const ListOfPerson = ({ person, list }: Pick<PersonPageProps, 'person' | 'list'>) =>
  person.role === 'OPERATOR' ? (
    <Callout>
      <p>Operators see every customer and have no Customer Access List.</p>
    </Callout>
  ) : (
    <Card title="Customers of this person">
      <ul class="plain-list">
        {list.map(customer => (
          <li>
            <a href={paths.adminCustomer(customer.id)}>{customer.id}</a> {customer.name}
            {customer.parent_id && ` (below ${customer.parent_id} ${customer.parent_name ?? ''})`}
            {person.managing_customer_id === customer.id && <strong>, managed by this person</strong>}
          </li>
        ))}
      </ul>
    </Card>
  )
