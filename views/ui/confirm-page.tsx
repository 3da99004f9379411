import type { Child } from 'hono/jsx'
import type { Chrome } from '../layout/chrome.ts'
import { type Crumb, Page } from '../layout/page.tsx'
import { Button, ButtonLink } from './button.tsx'
import { ErrorSummary, hasErrors } from './error-summary.tsx'
import { Form, FormButtons } from './form.tsx'
import { emptyForm, type FormState } from './form-state.ts'

interface ConfirmPageProps {
  chrome: Chrome
  /** The question: "Cancel service request 2261?" */
  title: string
  crumbs?: readonly Crumb[]
  /** Exactly what will happen. */
  what: Child
  action: string
  /** The verb on the button: "Cancel request". */
  confirm: string
  /** false: `what` says why it can't be done now, and there is no button for it. */
  possible?: boolean
  danger?: boolean
  cancelHref: string
  cancelLabel?: string
  hidden?: Readonly<Record<string, string | number>>
  form?: FormState
  /** Fields, such as a reason. */
  children?: Child
}

/** A page of its own before something that can't be taken back. */
export const ConfirmPage = ({ form = emptyForm, ...props }: ConfirmPageProps) => (
  <Page chrome={props.chrome} title={props.title} crumbs={props.crumbs} width="form" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <div class="confirm-what">{props.what}</div>
    <Form chrome={props.chrome} action={props.action} hidden={props.hidden}>
      {props.children}
      <FormButtons>
        {props.possible !== false && (
          <Button kind={props.danger ? 'danger' : 'primary'}>{props.confirm}</Button>
        )}
        <ButtonLink href={props.cancelHref} kind="quiet">
          {props.cancelLabel ?? 'Go back'}
        </ButtonLink>
      </FormButtons>
    </Form>
  </Page>
)
