import { paths } from '../../src/paths.ts'
import type { Customer } from '../../src/people/new-access-lookup.ts'
import type { Chrome } from '../layout/chrome.ts'
import { QuestionDialog, QuestionPage, type QuestionProps } from '../ui/question.tsx'
import { listViewCrumb } from './person-tabs.tsx'

interface GrantQuestionProps {
  chrome: Chrome
  loginId: string
  customer: Customer
  inactive: boolean
  /** A manager can give back neither other customers nor the Role MANAGER. */
  keepsNothing: boolean
  typed: Readonly<Record<string, string>>
  /** In the dialog of the page. */
  dialog: boolean
}

/** “User X exists. Grant user access to customer Y?” Yes does it at once. */
export const GrantQuestion = ({
  dialog,
  chrome,
  loginId,
  customer,
  inactive,
  ...props
}: GrantQuestionProps) => {
  const question: QuestionProps = {
    chrome,
    title: 'Grant access to an existing user',
    what: (
      <>
        <p>
          User {loginId} exists. Grant user access to customer {customer.name}?
        </p>
        {inactive && (
          <p>
            The user is INACTIVE: they can sign in again
            {props.keepsNothing && `, as STD_USER of customer ${customer.id} only`}. Accesses they had are
            requested anew.
          </p>
        )}
        <p>It is done at once: there is nothing to save afterwards.</p>
      </>
    ),
    typed: props.typed,
    yes: { label: inactive ? 'Reactivate and grant' : 'Yes', action: paths.grantCustomer() },
    no: { label: 'No', action: paths.newAccessForm() },
  }
  return shown(question, dialog)
}

interface NoQuestionProps {
  chrome: Chrome
  why: string
  typed: Readonly<Record<string, string>>
  dialog: boolean
}

/** Instead of the question, when there is nothing to ask any more. */
export const NothingToGrant = ({ dialog, chrome, why, typed }: NoQuestionProps) =>
  shown(
    {
      chrome,
      title: 'Nothing to grant',
      what: <p>{why}</p>,
      typed,
      yes: null,
      no: { label: 'Go back', action: paths.newAccessForm() },
    },
    dialog,
  )

const crumbs = [listViewCrumb, { label: 'New Access', href: paths.newAccess() }]

const shown = (question: QuestionProps, dialog: boolean) =>
  dialog ? <QuestionDialog {...question} /> : <QuestionPage {...question} crumbs={crumbs} />
