import type { Row } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import type { openAccesses } from '../../src/people/queries.ts'
import { ServiceAccounts } from '../access/service-accounts.tsx'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { adminCrumbs } from './admin-crumb.ts'

type Accesses = Awaited<ReturnType<typeof openAccesses>>

interface Props {
  chrome: Chrome
  person: Row<'persons'>
  accesses: Accesses
}

interface DeactivateProps extends Props {
  /** How many managers their customer has left; null: the person manages none. */
  managersLeft: number | null
}

export const DeactivatePage = ({ chrome, person, accesses, managersLeft }: DeactivateProps) => (
  <ConfirmPage
    chrome={chrome}
    title={`Deactivate ${person.display_name}?`}
    crumbs={[...adminCrumbs.persons, { label: person.id, href: paths.adminPerson(person.id) }]}
    what={
      <>
        <p>
          {person.login_id} is signed out everywhere at once and can’t sign in again. Links sent by mail stop
          working.
        </p>
        <Revoked accesses={accesses} />
        {managersLeft !== null && managersLeft < 2 && (
          <p>
            <strong>
              Customer {person.managing_customer_id} then has{' '}
              {managersLeft === 0 ? 'no manager' : 'only one manager'}.
            </strong>{' '}
            It should have at least two.
          </p>
        )}
        <p>An operator can reactivate the person later; accesses do not come back by themselves.</p>
      </>
    }
    action={paths.adminPersonEvent(person.id, 'deactivate')}
    confirm="Deactivate"
    danger
    cancelHref={paths.adminPerson(person.id)}
  />
)

/** Before customers are taken out of the list together with the accesses under them. */
export const RevokePage = ({
  chrome,
  person,
  accesses,
  typed,
}: Props & { typed: Readonly<Record<string, string>> }) => (
  <ConfirmPage
    chrome={chrome}
    title={`Save ${person.display_name} and revoke accesses?`}
    crumbs={[...adminCrumbs.persons, { label: person.id, href: paths.adminPerson(person.id) }]}
    what={<Revoked accesses={accesses} />}
    action={paths.adminPerson(person.id)}
    confirm="Save and revoke"
    danger
    cancelHref={paths.adminPerson(person.id)}
    hidden={{ ...typed, confirmed: 'yes' }}
  />
)

const Revoked = ({ accesses }: { accesses: Accesses }) =>
  accesses.length === 0 ? (
    <p>The person holds no access.</p>
  ) : (
    <>
      <p>These accesses are revoked:</p>
      <ul>
        {accesses.map(access => (
          <li>
            {access.access_type} {access.database_account && <code>{access.database_account}</code>} on{' '}
            {access.asset_id}
          </li>
        ))}
      </ul>
      <ServiceAccounts accesses={accesses} />
    </>
  )
