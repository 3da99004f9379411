import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { LoginIdField } from './login-fields.tsx'
import { NewPasswordFields } from './new-password-fields.tsx'

interface LinkPageProps {
  chrome: Chrome
  form: FormState
  /** The link itself. */
  action: string
}

/** First sign-in, or a new password. */
export const LinkPage = ({
  chrome,
  form,
  action,
  loginId,
  first,
}: LinkPageProps & { loginId: string; first: boolean }) => (
  <Page
    chrome={chrome}
    title={first ? 'Welcome to Gatehouse' : 'Set a new password'}
    width="narrow"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <p>
      Your Login ID is <strong>{loginId}</strong>. Set the password you sign in with.
      {!first && ' You will be signed out everywhere.'}
    </p>
    <Form chrome={chrome} action={action}>
      <UsernameForPasswordManagers loginId={loginId} />
      <NewPasswordFields form={form} />
      <FormButtons>
        <Button kind="primary">Set password</Button>
      </FormButtons>
    </Form>
  </Page>
)

/** A Primary Email counts when this button was pressed; looking, as mail scanners do, changes nothing. */
export const ConfirmEmailPage = ({
  chrome,
  action,
  loginId,
  email,
}: Omit<LinkPageProps, 'form'> & { loginId: string; email: string }) => (
  <Page chrome={chrome} title="Confirm your Primary Email" width="narrow">
    <p>
      Mails to <strong>{loginId}</strong> are to go to <strong>{email}</strong> from now on.
    </p>
    <Form chrome={chrome} action={action}>
      <FormButtons>
        <Button kind="primary">Confirm address</Button>
      </FormButtons>
    </Form>
  </Page>
)

/** The first operator of an empty portal. */
export const SetUpPage = ({ chrome, form, action }: LinkPageProps) => (
  <Page chrome={chrome} title="Set up Gatehouse" width="narrow" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <p>Nobody can sign in yet. You become the first operator, who adds customers, assets and persons.</p>
    <Form chrome={chrome} action={action}>
      <LoginIdField form={form} />
      <Field
        form={form}
        name="first_name"
        label="First Name"
        required
        attrs={{ autocomplete: 'given-name' }}
      />
      <Field
        form={form}
        name="last_name"
        label="Last Name"
        required
        attrs={{ autocomplete: 'family-name' }}
      />
      <NewPasswordFields form={form} />
      <FormButtons>
        <Button kind="primary">Set up</Button>
      </FormButtons>
    </Form>
  </Page>
)

const UsernameForPasswordManagers = ({ loginId }: { loginId: string }) => (
  <input type="text" name="username" value={loginId} autocomplete="username" readonly hidden />
)
