import type { Finding } from '../../src/database-accounts/drift-queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  finding: Finding
}

const crumbs = (finding: Finding) => [
  adminCrumb,
  { label: 'Drift report', href: paths.adminDrift() },
  { label: `${finding.name} on ${finding.server}`, href: paths.adminDriftFinding(finding.id) },
]

/** Before an account that nobody owns is removed from its server. */
export const DropPage = ({ chrome, finding }: Props) => (
  <ConfirmPage
    chrome={chrome}
    title={`Drop ${finding.name}?`}
    crumbs={crumbs(finding)}
    what={
      <>
        <p>
          <code>{finding.name}</code> is removed from {finding.server} for good, and whoever is signed in with
          it is cut off: programs that use it stop working. What it owns goes to a group of the portal, which
          the audit trail then names.
        </p>
        <p>To find out first whether anybody misses it, disable it instead.</p>
      </>
    }
    action={paths.adminDriftEvent(finding.id, 'drop')}
    confirm="Drop"
    danger
    cancelHref={paths.adminDriftFinding(finding.id)}
  />
)

/** Before the access of an account that is not as it should be ends. */
export const RemovePage = ({ chrome, finding }: Props) => (
  <ConfirmPage
    chrome={chrome}
    title={`Remove the access of ${finding.person} to ${finding.name}?`}
    crumbs={crumbs(finding)}
    what={
      <p>
        {finding.person} loses <code>{finding.name}</code> on {finding.asset_id}: the account is locked, its
        sessions end, and it is dropped from {finding.server}. Another one has to be requested and approved
        anew.
      </p>
    }
    action={paths.adminDriftEvent(finding.id, 'remove')}
    confirm="Remove Access"
    danger
    cancelHref={paths.adminDriftFinding(finding.id)}
  />
)
