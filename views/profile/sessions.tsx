import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { tableRoles } from '../ui/attrs.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Form } from '../ui/form.tsx'
import { Time } from '../ui/time.tsx'

export interface SessionItem {
  idHash: string
  createdAt: string
  lastSeenAt: string
  userAgent: string
  address: string
}

interface SessionsProps {
  chrome: Chrome
  sessions: readonly SessionItem[]
  present: string
}

/** Where one is signed in, and the ways out. */
export const Sessions = ({ chrome, sessions, present }: SessionsProps) => (
  <Card title="Sessions" id="sessions">
    <table class="table" aria-label="Sessions table" {...tableRoles.table}>
      <thead {...tableRoles.rows}>
        <tr {...tableRoles.row}>
          {['Browser', 'Address', 'Signed in', 'Last used', 'Sign out'].map(column => (
            <th {...tableRoles.column}>{column}</th>
          ))}
        </tr>
      </thead>
      <tbody {...tableRoles.rows}>
        {sessions.map(session => (
          <SessionRow chrome={chrome} session={session} isPresent={session.idHash === present} />
        ))}
      </tbody>
    </table>
    <Form chrome={chrome} action={paths.profilePart('sessions')} hidden={{ session: 'all' }} look="inline">
      <Button kind="danger">Sign out everywhere</Button>
    </Form>
  </Card>
)

const SessionRow = ({
  chrome,
  session,
  isPresent,
}: {
  chrome: Chrome
  session: SessionItem
  isPresent: boolean
}) => (
  <tr {...tableRoles.row}>
    <th {...tableRoles.rowHeader}>
      {browserName(session.userAgent)}
      {isPresent && ' (this one)'}
    </th>
    <td {...tableRoles.cell} data-label="Address">
      {session.address}
    </td>
    <td {...tableRoles.cell} data-label="Signed in">
      <Time at={session.createdAt} zone={zoneOf(chrome)} />
    </td>
    <td {...tableRoles.cell} data-label="Last used">
      <Time at={session.lastSeenAt} zone={zoneOf(chrome)} />
    </td>
    <td {...tableRoles.cell} data-label="Sign out">
      <Form
        chrome={chrome}
        action={paths.profilePart('sessions')}
        hidden={{ session: session.idHash }}
        look="inline"
      >
        <Button
          kind="quiet"
          attrs={{ 'aria-label': `Sign out ${browserName(session.userAgent)}, ${session.address}` }}
        >
          Sign out
        </Button>
      </Form>
    </td>
  </tr>
)

const browsers = [
  ['Edge', /\bEdg(A|iOS)?\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const
const systems = [
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const

/** "Firefox on Linux", as far as a browser says what it is. */
function browserName(userAgent: string): string {
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'Another program'
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  return system ? `${browser} on ${system}` : browser
}
