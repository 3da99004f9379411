import { paths } from '../../src/paths.ts'
import type { EndingAccess } from '../../src/people/person-queries.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { QuestionDialog, QuestionPage, type QuestionProps } from '../ui/question.tsx'
import type { TableQuery } from '../ui/table-columns.ts'
import { listViewCrumb } from './person-tabs.tsx'
import { ServiceAccounts } from './service-accounts.tsx'

interface RemoveCustomerProps {
  chrome: Chrome
  person: { id: string; display_name: string }
  customer: string
  accesses: readonly EndingAccess[]
  isLast: boolean
  /** The person is its manager. */
  manages: boolean
  typed: Readonly<Record<string, string>>
  query: TableQuery
  /** In the dialog of the page. */
  dialog: boolean
}

/** The warning before a row of the Customer Access List is deleted. Yes only stages it. */
export const RemoveCustomerQuestion = ({ dialog, person, query, ...props }: RemoveCustomerProps) => {
  const back = paths.person(person.id, query)
  const question: QuestionProps = {
    chrome: props.chrome,
    title: `Remove access to customer ${props.customer}?`,
    what: <RemovalWords person={person} {...props} />,
    typed: props.typed,
    yes: { label: 'Yes', action: back, name: 'act', value: `stage ${props.customer}`, danger: true },
    no: { label: 'No', action: back, name: 'act', value: 'keep' },
  }
  const crumbs = [listViewCrumb, { label: person.display_name, href: back }]
  return dialog ? <QuestionDialog {...question} /> : <QuestionPage {...question} crumbs={crumbs} />
}

type WordsProps = Pick<RemoveCustomerProps, 'person' | 'customer' | 'accesses' | 'isLast' | 'manages'>

const RemovalWords = ({ person, customer, accesses, isLast, manages }: WordsProps) => (
  <>
    <p>
      Removing access to customer {customer} will revoke all accesses related to this customer for user{' '}
      {person.id}. If this is the last customer in the users customer access list, their user will be set to
      INACTIVE. Continue?
    </p>
    <EndingAccesses accesses={accesses} none={`${person.id} holds no access under ${customer}.`} />
    {isLast && (
      <p>
        <strong>This is the last customer in the list: {person.id} will be INACTIVE.</strong>
      </p>
    )}
    {manages && !isLast && (
      <p>
        {person.id} manages customer {customer} and becomes STD_USER.
      </p>
    )}
    <p>Nothing is removed until you press Save.</p>
  </>
)

const EndingAccesses = ({ accesses, none }: { accesses: readonly EndingAccess[]; none: string }) =>
  accesses.length === 0 ? (
    <p>{none}</p>
  ) : (
    <>
      <p>{accesses.length === 1 ? 'This access ends:' : 'These accesses end:'}</p>
      <ul>
        {accesses.map(access => (
          <li>
            {access.type_name}
            {access.database_account && (
              <>
                {' '}
                <code>{access.database_account}</code>
              </>
            )}{' '}
            on <code>{access.asset_id}</code> ({access.status})
          </li>
        ))}
      </ul>
      <ServiceAccounts accesses={accesses} />
    </>
  )

interface DeactivateProps {
  chrome: Chrome
  person: { id: string; display_name: string; login_id: string }
  accesses: readonly EndingAccess[]
}

export const DeactivateSelfPage = ({ chrome, person, accesses }: DeactivateProps) => (
  <ConfirmPage
    chrome={chrome}
    title="Deactivate your account?"
    crumbs={[listViewCrumb, { label: person.display_name, href: paths.person(person.id) }]}
    what={
      <>
        <p>
          You are signed out everywhere at once, this session included, and can’t sign in as {person.login_id}{' '}
          any more. Links sent to you by mail stop working. Your Status is INACTIVE.
        </p>
        <EndingAccesses accesses={accesses} none="You hold no access." />
        {accesses.length > 1 && <p>They are removed in the background, one after the other.</p>}
        {accesses.length === 1 && <p>It is removed in the background.</p>}
        <p>
          You can’t undo this yourself. A manager or an operator can reactivate you later; your accesses do
          not come back by themselves.
        </p>
      </>
    }
    action={paths.personEvent(person.id, 'deactivate')}
    confirm="Deactivate"
    danger
    cancelHref={paths.person(person.id)}
  />
)
