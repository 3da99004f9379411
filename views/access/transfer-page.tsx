import type { Access } from '../../src/access/change-access.ts'
import { type OpenTransfer, openTransferWords } from '../../src/access/open-transfer.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { listViewCrumb } from './person-tabs.tsx'

interface TransferProps {
  chrome: Chrome
  access: Access
  /** Why it can't be transferred now; null: it can. */
  why: string | null
  /** One that has been asked for already. */
  open: OpenTransfer | undefined
  form: FormState
}

/** Whom a service account is to go to. */
export const TransferPage = ({ chrome, access, why, open, form }: TransferProps) => {
  const back = paths.manageAccess(access.person_id, { asset: access.asset_id, access: access.id })
  return (
    <Page
      chrome={chrome}
      title={`Transfer ${access.database_account}`}
      crumbs={[listViewCrumb, { label: `Manage Access of ${access.person_id}`, href: back }]}
    >
      <p class="lead">
        The database service account <code>{access.database_account}</code> on {access.asset_id} goes to
        another person of customer {access.customer_id}, when its managers approve. It then gets a new
        password, which only that person can see: programs that use the account need it at once.
      </p>
      {why !== null && <Callout kind="warning">{why}</Callout>}
      {why === null && open && <Open chrome={chrome} access={access} open={open} form={form} />}
      {why === null && !open && (
        <Form chrome={chrome} action={paths.transferAccess(access.person_id, access.id)}>
          <ErrorSummary form={form} />
          <Field
            form={form}
            name="to"
            label="User"
            required
            hint="The Login ID (e-mail address) or the code of the person who is to have it."
          />
          <Field
            form={form}
            name="justification"
            label="Justification"
            kind="textarea"
            required
            rows={3}
            hint="Why it changes hands. Up to 4,000 characters; who decides reads it."
          />
          <FormButtons>
            <Button kind="primary">Transfer Access</Button>
            <ButtonLink href={back}>Cancel</ButtonLink>
          </FormButtons>
        </Form>
      )}
    </Page>
  )
}

/** Until it is decided it can be taken back. */
const Open = ({
  chrome,
  access,
  open,
  form,
}: Pick<TransferProps, 'chrome' | 'access' | 'form'> & { open: OpenTransfer }) => (
  <>
    <ErrorSummary form={form} />
    <Callout kind="warning">{openTransferWords(open)}</Callout>
    {open.undecided && (
      <Form chrome={chrome} action={paths.withdrawTransfer(access.person_id, access.id)}>
        <FormButtons>
          <Button kind="danger">Withdraw the Transfer</Button>
        </FormButtons>
      </Form>
    )}
  </>
)
