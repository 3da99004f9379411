import { paths } from '../../src/paths.ts'
import type { Understood } from '../../src/people/new-access-lookup.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import type { Attrs } from '../ui/attrs.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { LookupField } from '../ui/lookup-field.tsx'
import { asksAt, QuestionHost } from '../ui/question.tsx'
import { SelectValueHost } from '../ui/select-value.tsx'
import { managerHint } from './person-form.tsx'
import { listViewBack, listViewCrumb } from './person-tabs.tsx'

const NEW_ACCESS_FORM = 'new-access-form'

interface NewAccessProps {
  chrome: Chrome
  viewer: Actor
  form: FormState
  understood: Understood
}

export const NewAccessPage = (props: NewAccessProps) => (
  <Page
    chrome={props.chrome}
    title="New Access"
    crumbs={[listViewCrumb]}
    width="form"
    wrong={hasErrors(props.form)}
    back={listViewBack}
    tabs={[{ label: 'Person Information', href: paths.newAccess(), current: true }]}
    action={
      <Button kind="primary" form={NEW_ACCESS_FORM}>
        Save
      </Button>
    }
  >
    <ErrorSummary form={props.form} />
    <p class="lead">
      Save creates the person with the Status PENDING CREATE. Shortly after, the Status is ACTIVE, and a mail
      with a link to sign in is on its way to their Primary Email.
    </p>
    <NewAccessForm {...props} />
    <QuestionHost />
    {isOperator(props.viewer) && <SelectValueHost />}
  </Page>
)

/** In the order in which managers are told to fill it in. */
const NewAccessForm = (props: NewAccessProps) => {
  const { chrome, viewer, form } = props
  return (
    <Form
      chrome={chrome}
      action={paths.newAccess()}
      id={NEW_ACCESS_FORM}
      hidden={{ form_page: paths.newAccess() }}
      enter={{}}
    >
      <Field
        form={form}
        name="login_id"
        label="Login ID"
        kind="email"
        required
        hint="The e-mail address the person signs in with. If it exists already, a question mark appears beside it."
        suffix={<LoginAnswer {...props} />}
        attrs={{ ...redraw, autocomplete: 'off', maxlength: 254 }}
      />
      <Field form={form} name="first_name" label="First Name" required attrs={name} />
      <Field form={form} name="last_name" label="Last Name" required attrs={name} />
      <Field
        form={form}
        name="primary_email"
        label="Primary Email"
        kind="email"
        required
        hint="Where mails go, the first one with the sign-in link included."
        attrs={{ autocomplete: 'off', maxlength: 254 }}
      />
      <Field
        form={form}
        name="role"
        label="Role"
        kind="select"
        required
        hint={managerHint}
        options={[
          { value: 'STD_USER', label: 'STD_USER' },
          { value: 'MANAGER', label: 'MANAGER' },
        ]}
      />
      {isOperator(viewer) ? <CustomerField {...props} /> : <ManagingCustomer {...props} />}
      <FormButtons>
        <Button>Save</Button>
        <ButtonLink href={paths.accessManagement()} kind="quiet">
          Cancel
        </ButtonLink>
      </FormButtons>
    </Form>
  )
}

const name: Attrs = { autocomplete: 'off', maxlength: 80 }

/**
 * Where scripts run, what is known of the Login ID is drawn anew while it is typed. Morphing leaves a question mark
 * that is there already, and may have the focus.
 */
const redraw: Attrs = {
  'hx-post': paths.newAccessForm(),
  'hx-trigger': 'input changed delay:300ms, change',
  'hx-target': '#login-answer',
  'hx-select': '#login-answer',
  'hx-swap': 'outerMorph',
  'hx-sync': '#login-answer:replace',
}

/** What is known of the Login ID: a question, where the person exists already. */
const LoginAnswer = ({ form, understood: { found } }: NewAccessProps) => (
  <span id="login-answer" class="login-answer" aria-live="polite">
    {found?.kind === 'exists' && (
      <>
        <Button attrs={{ ...asksAt(paths.newAccessQuestion()), class: 'button button-primary ask-button' }}>
          ?
        </Button>
        <span>User {form.values.login_id} exists.</span>
      </>
    )}
    {found?.kind === 'listed' && (
      <span>
        User {form.values.login_id} has access already:{' '}
        <a href={paths.person(found.personId)}>{found.personId}</a>
      </span>
    )}
  </span>
)

/** Shown with the Role MANAGER only, by the style sheet. */
const ManagingCustomer = ({ understood: { customer } }: NewAccessProps) => (
  <div class="only-managers">
    <Field
      form={{ values: {}, errors: {} }}
      name="managing_customer_id"
      label="Managing Customer"
      value={customer?.id}
      hint="The customer you manage."
      note={customer?.name}
      attrs={{ readonly: true }}
    />
  </div>
)

const CustomerField = ({ form, understood: { customer } }: NewAccessProps) => (
  <LookupField
    form={form}
    name="customer_id"
    label="Customer"
    required
    hint="It goes into the person’s Customer Access List; a MANAGER manages it. Type its id or name, or choose it with the magnifying glass."
    lookup={paths.newAccessSelect('customer_id')}
    meaning={customer ? `${customer.id} ${customer.name}` : undefined}
    attrs={redraw}
  />
)
