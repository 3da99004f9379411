import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { LoginIdField, PasswordField } from './login-fields.tsx'

interface SignInPageProps {
  chrome: Chrome
  form: FormState
  returnTo: string
  /** A form was sent after the session ended; it waits behind the sign-in. */
  formKept: boolean
  /** Name of the OpenID Connect provider, if there is one. */
  provider: string | null
  /** Where the provider leads back to, in an address: never to one that is itself a secret. */
  providerReturnTo?: string
}

export const SignInPage = ({ chrome, form, returnTo, formKept, provider, ...props }: SignInPageProps) => (
  <Page chrome={chrome} title="Sign in" width="narrow" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    {formKept && (
      <Callout kind="warning">
        You are not signed in any more, so nothing was saved. Sign in: your form comes back as you filled it
        in.
      </Callout>
    )}
    <Form chrome={chrome} action={paths.signIn()} hidden={{ return_to: returnTo }}>
      <LoginIdField form={form} />
      <PasswordField form={form} />
      <FormButtons>
        <Button kind="primary">Sign in</Button>
        <ButtonLink href={paths.forgotten()} kind="quiet">
          Forgotten your password?
        </ButtonLink>
      </FormButtons>
    </Form>
    {provider && (
      <p>
        <ButtonLink href={throughProvider(props.providerReturnTo ?? returnTo)}>
          Sign in with {provider}
        </ButtonLink>
      </p>
    )}
  </Page>
)

const throughProvider = (returnTo: string) =>
  `${paths.signInOpenId()}?${new URLSearchParams({ return_to: returnTo })}`
