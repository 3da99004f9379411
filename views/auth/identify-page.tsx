import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { PasswordField } from './login-fields.tsx'

interface IdentifyPageProps {
  chrome: Chrome
  form: FormState
  returnTo: string
  /** False for people who come through the provider only. */
  hasPassword: boolean
  provider: string | null
}

export const IdentifyPage = ({ chrome, form, returnTo, hasPassword, provider }: IdentifyPageProps) => (
  <Page chrome={chrome} title="Identify yourself again" width="narrow" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <p>
      What comes next needs a fresh proof that it is you, {chrome.actor?.name}. It counts for 15 minutes. What
      you have typed comes back afterwards.
    </p>
    {hasPassword && (
      <Form chrome={chrome} action={paths.identify()} hidden={{ return_to: returnTo }}>
        <PasswordField form={form} />
        <FormButtons>
          <Button kind="primary">Continue</Button>
        </FormButtons>
      </Form>
    )}
    {provider && (
      <p>
        <ButtonLink
          href={`${paths.signInOpenId()}?${new URLSearchParams({ identify: 'yes', return_to: returnTo })}`}
        >
          Identify with {provider}
        </ButtonLink>
      </p>
    )}
  </Page>
)
