import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import { type Suggested, Suggestions } from './customer-suggestions.tsx'
import { readRows, rowName } from './row-fields.ts'
import { Rows } from './rows.tsx'

/** All of a person that operators enter, but for the id. */
export const PersonFields = ({ form, customers }: { form: FormState; customers: Suggested }) => (
  <>
    <Field
      form={form}
      name="login_id"
      label="Login ID"
      kind="email"
      required
      hint="The e-mail address the person signs in with."
      attrs={{ autocomplete: 'off', maxlength: 254 }}
    />
    <Field form={form} name="first_name" label="First Name" required attrs={{ maxlength: 80 }} />
    <Field form={form} name="last_name" label="Last Name" required attrs={{ maxlength: 80 }} />
    <Field
      form={form}
      name="display_name"
      label="Display Name"
      hint="Empty: first and last name."
      attrs={{ maxlength: 160 }}
    />
    <Field
      form={form}
      name="primary_email"
      label="Primary Email"
      kind="email"
      required
      hint="Where mails go. Once the person is ACTIVE, another address counts after the link sent to it was used."
      attrs={{ autocomplete: 'off', maxlength: 254 }}
    />
    <Field
      form={form}
      name="role"
      label="Role"
      kind="radios"
      required
      hint="Only users that will be responsible for approving/rejecting access requests should be assigned the Manager role."
      options={roleOptions}
    />
    {form.values.customers_kept === 'yes' ? <LongList /> : <CustomerRows form={form} />}
    <Field
      form={form}
      name="managing_customer_id"
      label="Managing Customer"
      hint="Only with the Role MANAGER: the id of exactly one customer out of the Customer Access List."
      attrs={{ autocomplete: 'off', list: 'customer-suggestions', maxlength: 20 }}
    />
    <Suggestions customers={customers} />
  </>
)

const roleOptions = [
  { value: 'STD_USER', label: 'STD_USER', hint: 'Requests accesses and submits service requests.' },
  {
    value: 'MANAGER',
    label: 'MANAGER',
    hint: 'Also approves accesses and looks after the users of one customer.',
  },
  {
    value: 'OPERATOR',
    label: 'OPERATOR',
    hint: 'Your own staff: sets everything up and sees every customer.',
  },
]

const LongList = () => (
  <Callout>
    <p>
      The Customer Access List is too long to be changed here. Person Information in Access Management shows
      all of it and takes customers out of it; New Access adds one.
    </p>
  </Callout>
)

/** One row a customer, by id. */
const CustomerRows = ({ form }: { form: FormState }) => (
  <Rows
    form={form}
    name="customers"
    legend="Customer Access List"
    hint="Customers whose assets and service requests the person sees. An operator has none."
    prefix="customer"
    none="No customer is in the list."
    plain
    rows={readRows(form.values, 'customer', ['id']).map((row, i) => ({
      index: row.index,
      label: `Customer ${i + 1}`,
      fields: (
        <Field
          form={form}
          name={rowName('customer', row.index, 'id')}
          label={`Customer ${i + 1}`}
          attrs={{ autocomplete: 'off', list: 'customer-suggestions', maxlength: 20 }}
        />
      ),
    }))}
  />
)
