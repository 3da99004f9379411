import type { Row } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import type { PersonRights } from '../../src/people/person-rights.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { TableQuery } from '../ui/table-columns.ts'

export const PERSON_FORM = 'person-form'

export const managerHint =
  'Only users that will be responsible for approving/rejecting access requests should be assigned the Manager role.'

export interface PersonFormProps {
  chrome: Chrome
  viewer: Actor
  person: Row<'persons'>
  form: FormState
  rights: PersonRights
  /** A Primary Email that waits for its confirmation. */
  pendingEmail: string | null
  /** The customer in Managing Customer, with its name. */
  managed: { id: string; name: string } | null
  /** Where the viewer may choose Managing Customer: the first ones of the Customer Access List. */
  suggestions: readonly { id: string; name: string }[]
  /** Filters and place of the Customer Access List, to stay there. */
  query: TableQuery
}

export const PersonForm = (props: PersonFormProps) => {
  const { chrome, person, form, rights, query } = props
  return (
    <Form
      chrome={chrome}
      action={paths.person(person.id, query)}
      id={PERSON_FORM}
      hidden={{
        version: form.values.version ?? person.version,
        remove: form.values.remove ?? '',
        form_page: paths.person(person.id, query),
      }}
    >
      <div class="person-fields">
        <div>
          <Field
            form={form}
            name="login_id"
            label="Login ID"
            hint={loginHint(props)}
            attrs={{ readonly: true, autocomplete: 'off' }}
          />
          <NameField {...props} name="first_name" label="First Name" required />
          <NameField {...props} name="last_name" label="Last Name" required />
          <NameField {...props} name="display_name" label="Display Name" />
          {!rights.names && <p class="field-note">{rights.whyNotNames}</p>}
        </div>
        <div>
          <EmailField {...props} />
          <RoleField {...props} />
          <ManagingCustomer {...props} />
          <Facts
            items={[
              { label: 'Person', value: <code>{person.id}</code> },
              { label: 'Status', value: <StatusBadge status={person.status} /> },
            ]}
          />
        </div>
      </div>
    </Form>
  )
}

const loginHint = ({ viewer, person }: PersonFormProps) =>
  isOperator(viewer) ? (
    <>
      It is changed under <a href={paths.adminPerson(person.id)}>Administration, Persons</a>.
    </>
  ) : (
    'Only operators change Login IDs. Ask an operator of this portal if yours, or a user’s, has to change.'
  )

interface NameFieldProps extends PersonFormProps {
  name: 'first_name' | 'last_name' | 'display_name'
  label: string
  required?: boolean
}

const NameField = ({ form, rights, name, label, required }: NameFieldProps) => (
  <Field
    form={form}
    name={name}
    label={label}
    required={required && rights.names}
    attrs={{ readonly: !rights.names, maxlength: name === 'display_name' ? 160 : 80, autocomplete: 'off' }}
  />
)

const EmailField = ({ form, rights, pendingEmail }: PersonFormProps) => (
  <Field
    form={form}
    name="primary_email"
    label="Primary Email"
    kind="email"
    required={rights.email}
    hint={
      rights.email
        ? 'Where mails go. A new address counts after the link sent to it was used; the old one is told.'
        : undefined
    }
    note={pendingEmail && `${pendingEmail} waits for confirmation.`}
    attrs={{ readonly: !rights.email, maxlength: 254, autocomplete: 'off' }}
  />
)

const RoleField = ({ form, rights }: PersonFormProps) =>
  rights.roles.length > 1 ? (
    <Field
      form={form}
      name="role"
      label="Role"
      kind="select"
      required
      hint={managerHint}
      options={rights.roles.map(role => ({ value: role, label: role }))}
    />
  ) : (
    <Field form={form} name="role" label="Role" hint={rights.whyNotRole} attrs={{ readonly: true }} />
  )

/** Shown with the Role MANAGER only, by the style sheet. */
const ManagingCustomer = ({ form, viewer, rights, managed, suggestions }: PersonFormProps) => {
  const open = isOperator(viewer) && rights.roles.length > 1
  return (
    <div class="only-managers">
      <Field
        form={open ? form : { ...form, values: { managing_customer_id: managed?.id ?? '' } }}
        name="managing_customer_id"
        label="Managing Customer"
        required={open}
        hint={open ? 'One customer of the Customer Access List.' : 'A manager manages exactly one customer.'}
        note={managed?.name}
        attrs={{
          readonly: !open,
          maxlength: 20,
          autocomplete: 'off',
          list: open ? 'own-customers' : undefined,
        }}
      />
      {open && (
        <datalist id="own-customers">
          {suggestions.map(({ id, name }) => (
            <option value={id}>{name}</option>
          ))}
        </datalist>
      )}
    </div>
  )
}

export const SavePerson = () => (
  <Button kind="primary" form={PERSON_FORM}>
    Save
  </Button>
)
