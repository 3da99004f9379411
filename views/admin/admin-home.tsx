import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Callout } from '../ui/callout.tsx'

const parts = [
  { label: 'Customers', href: paths.adminCustomers(), about: 'Organisations whose environments you run.' },
  {
    label: 'Assets administration',
    href: paths.adminAssets(),
    about: 'Their environments, and which actions are offered there.',
  },
  { label: 'Actions', href: paths.adminActions(), about: 'What may be requested, with which form.' },
  { label: 'Runbooks', href: paths.adminRunbooks(), about: 'What an action really does, step by step.' },
  {
    label: 'Access types',
    href: paths.adminAccessTypes(),
    about: 'What can be requested on an asset, and the runbooks that grant and remove it.',
  },
  {
    label: 'Database servers',
    href: paths.adminDatabaseServers(),
    about: 'Where accounts for people and programs are made.',
  },
  {
    label: 'Drift report',
    href: paths.adminDrift(),
    about: 'Where portal and database servers say different things about accounts.',
  },
  {
    label: 'Expiry calendar',
    href: paths.adminExpiry(),
    about: 'When passwords of database accounts and certificates end.',
  },
  { label: 'Persons', href: paths.adminPersons(), about: 'Who may sign in, as what, for which customers.' },
  {
    label: 'Bulletin Board posts',
    href: paths.adminNotices(),
    about: 'What everybody reads on the Start Center.',
  },
  {
    label: 'Mail',
    href: paths.adminMails(),
    about: 'Every mail of the portal and whether it was delivered.',
  },
  { label: 'Jobs', href: paths.adminJobs(), about: 'Work of the background, its workers and failures.' },
  {
    label: 'Re-validation campaigns',
    href: paths.adminCampaigns(),
    about: 'Users confirm the accesses they still need (CBN).',
  },
  { label: 'Audit trail', href: paths.adminAudit(), about: 'Every act in the portal: who, what, when.' },
  { label: 'Settings', href: paths.adminSettings(), about: 'When people are reminded, and what expires.' },
]

export interface Attention {
  text: string
  href: string
}

export const AdminHome = ({ chrome, attention }: { chrome: Chrome; attention: readonly Attention[] }) => (
  <Page chrome={chrome} title="Administration">
    {attention.length > 0 && (
      <Callout kind="warning" title="This needs you">
        <ul>
          {attention.map(({ text, href }) => (
            <li>
              <a href={href}>{text}</a>
            </li>
          ))}
        </ul>
      </Callout>
    )}
    <ul class="admin-parts">
      {parts.map(part => (
        <li>
          <a href={part.href}>{part.label}</a>
          <p>{part.about}</p>
        </li>
      ))}
    </ul>
  </Page>
)
