import type { someOpenOfType } from '../../src/access/access-type-uses.ts'
import type { AccessType } from '../../src/access/access-types.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { adminCrumbs } from './admin-crumb.ts'

interface WithdrawProps {
  chrome: Chrome
  type: AccessType
  count: number
  open: Awaited<ReturnType<typeof someOpenOfType>>
}

export const WithdrawTypePage = ({ chrome, type, count, open }: WithdrawProps) => (
  <ConfirmPage
    chrome={chrome}
    title={`Withdraw ${type.name}?`}
    crumbs={[...adminCrumbs.accessTypes, { label: type.name, href: paths.adminAccessType(type.id) }]}
    what={
      <>
        <p>Nobody can request it any more. You can offer it again at any time.</p>
        {count === 0 ? <p>No access of this type is open.</p> : <StayOpen count={count} open={open} />}
      </>
    }
    action={paths.adminAccessTypeEvent(type.id, 'withdraw')}
    confirm="Withdraw"
    danger
    cancelHref={paths.adminAccessType(type.id)}
  />
)

const StayOpen = ({ count, open }: Pick<WithdrawProps, 'count' | 'open'>) => (
  <>
    <p>
      {count === 1 ? 'This one is open and stays:' : `These ${count} are open and stay:`} what is requested
      can still be decided, what is granted still be removed.
    </p>
    <ul>
      {open.map(access => (
        <li>
          <a href={paths.manageAccess(access.person_id, { asset: access.asset_id })}>{access.person_id}</a>{' '}
          {access.display_name}, {access.asset_id}: {access.status}
        </li>
      ))}
      {count > open.length && <li>and {count - open.length} more</li>}
    </ul>
  </>
)
