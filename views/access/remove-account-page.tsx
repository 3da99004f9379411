import type { Access } from '../../src/access/change-access.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { listViewCrumb } from './person-tabs.tsx'

interface RemoveAccountProps {
  chrome: Chrome
  access: Access
  /** Another person can have the account instead. */
  transferable: boolean
  /** Of the form of Manage Access that was pressed. */
  formKey: string
}

/** Before a database account is taken from its owner, and from the programs that use it. */
export const RemoveAccountPage = ({ chrome, access, transferable, formKey }: RemoveAccountProps) => {
  const { id, person_id, asset_id, database_account } = access
  const back = paths.manageAccess(person_id, { asset: asset_id, access: id })
  return (
    <ConfirmPage
      chrome={chrome}
      title={`Remove ${database_account} on ${asset_id}?`}
      crumbs={[listViewCrumb, { label: `Manage Access of ${person_id}`, href: back }]}
      what={
        <>
          <p>
            The account <code>{database_account}</code> is locked, its sessions end, and it is dropped from
            its database server: programs that use it stop working. Another one has to be requested and
            approved anew.
          </p>
          {transferable && (
            <p>
              If somebody else is to look after it, use{' '}
              <a href={paths.transferAccess(person_id, id)}>Transfer Access</a> instead: then the account
              stays, with a new password.
            </p>
          )}
        </>
      }
      action={paths.accessEvent(person_id, id, 'remove')}
      confirm="Remove Access"
      danger
      cancelHref={back}
      hidden={{ confirmed: '1', form_key: formKey }}
    />
  )
}
