import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { LoginIdField } from './login-fields.tsx'

export const ForgottenPage = ({ chrome, form }: { chrome: Chrome; form: FormState }) => (
  <Page chrome={chrome} title="Forgotten your password?" width="narrow" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <p>A link to set a new password is sent by mail to the address the portal has of you.</p>
    <Form chrome={chrome} action={paths.forgotten()}>
      <LoginIdField form={form} />
      <FormButtons>
        <Button kind="primary">Send link</Button>
        <ButtonLink href={paths.signIn()} kind="quiet">
          Go back
        </ButtonLink>
      </FormButtons>
    </Form>
  </Page>
)

/** Says the same whether the person exists. */
export const LinkSentPage = ({ chrome }: { chrome: Chrome }) => (
  <Page chrome={chrome} title="Look into your mail" width="narrow">
    <p>
      If this Login ID belongs to an active person, a link to set a new password is on its way to their
      primary e-mail address. It works once, within 2 hours.
    </p>
    <p>
      Nothing there after a few minutes? Look among unwanted mail, or ask your manager which address is set.
    </p>
    <p>
      <ButtonLink href={paths.signIn()}>Back to sign-in</ButtonLink>
    </p>
  </Page>
)
