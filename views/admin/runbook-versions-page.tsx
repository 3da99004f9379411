import type { Row } from '../../db/schema.ts'
import type { runbookVersions } from '../../src/automation/runbook-queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { Twistie } from '../ui/twistie.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { runbookTabs } from './runbook-page.tsx'

interface Props {
  chrome: Chrome
  runbook: Row<'runbooks'>
  versions: Awaited<ReturnType<typeof runbookVersions>>
}

export const RunbookVersionsPage = ({ chrome, runbook, versions }: Props) => (
  <Page
    chrome={chrome}
    title={runbook.name}
    crumbs={adminCrumbs.runbooks}
    badge={<StatusBadge status={runbook.status} />}
    back={{ label: 'List View', href: paths.adminRunbooks() }}
    tabs={runbookTabs(runbook.id, 'versions')}
  >
    <h2>Versions</h2>
    <p>A queued request runs the version that was the newest one when it was queued. None is ever changed.</p>
    {versions.map((version, i) => (
      <Twistie
        id={`version-${version.version}`}
        open={i === 0}
        summary={
          <>
            Version {version.version}, <Time at={version.created_at} zone={zoneOf(chrome)} />
            {version.created_by_name && ` by ${version.created_by_name}`}
          </>
        }
      >
        {/* A frame that scrolls has to be reached by keyboard. */}
        <pre class="code-block" tabindex={0}>
          {version.definition}
        </pre>
      </Twistie>
    ))}
  </Page>
)
