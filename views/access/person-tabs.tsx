import type { Child } from 'hono/jsx'
import type { PersonStatus } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import { type Actor, can } from '../../src/policy.ts'
import type { Chrome } from '../layout/chrome.ts'
import { type Crumb, Page } from '../layout/page.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { Tab } from '../ui/tabs.tsx'

export type PersonTab = 'information' | 'access' | 'approvals'

export const listViewCrumb: Crumb = { label: 'Access Management', href: paths.accessManagement() }
export const listViewBack: Crumb = { label: 'List View', href: paths.accessManagement() }

/** Tabs of a person's record, after the List View. Access Approvals stands on one's own record only. */
export function personTabs(viewer: Actor, personId: string, current: PersonTab): Tab[] {
  const approvals = viewer.id === personId && can(viewer, 'approvals.use')
  return [
    { label: 'Person Information', href: paths.person(personId), current: current === 'information' },
    { label: 'Manage Access', href: paths.manageAccess(personId), current: current === 'access' },
    ...(approvals
      ? [{ label: 'Access Approvals', href: paths.approvals(personId), current: current === 'approvals' }]
      : []),
  ]
}

interface PersonFrameProps {
  chrome: Chrome
  viewer: Actor
  person: { id: string; display_name: string; status: PersonStatus }
  tab: PersonTab
  /** The one primary action, at the right of the title. */
  action?: Child
  secondary?: Child
  wrong?: boolean
  children?: Child
}

/** What all tabs of a person's record share: name, status, List View, tabs. */
export const PersonFrame = ({ chrome, viewer, person, tab, ...page }: PersonFrameProps) => (
  <Page
    chrome={chrome}
    title={person.display_name}
    crumbs={[listViewCrumb]}
    badge={<StatusBadge status={person.status} />}
    back={listViewBack}
    tabs={personTabs(viewer, person.id, tab)}
    action={page.action}
    secondary={page.secondary}
    wrong={page.wrong}
  >
    {page.children}
  </Page>
)
