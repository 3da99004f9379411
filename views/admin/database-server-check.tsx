import { checkLinesOf, checkStateOf } from '../../src/database-accounts/server-states.ts'
import type { DatabaseServer } from '../../src/database-accounts/servers.ts'
import { paths } from '../../src/paths.ts'
import type { CheckLine } from '../../src/provisioners/provisioner.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { checkLooks, lineLooks } from './database-server-words.ts'

interface Props {
  chrome: Chrome
  server: DatabaseServer
}

/** What the last check has found; while one is under way, it looks again by itself where scripts run. */
export const LastCheck = ({ chrome, server }: Props) => (
  <div id="last-check" {...(server.check_asked_at === null ? {} : lookAgain(server.id))}>
    <Card title="Last check">
      {server.check_asked_at !== null && (
        <p role="status">
          <StatusMark look="running" word="A check is under way" />, asked for{' '}
          <Time at={server.check_asked_at} zone={zoneOf(chrome)} look="sentence" />.{' '}
          <a href={paths.adminDatabaseServer(server.id)}>Look again</a>
        </p>
      )}
      {server.checked_at === null ? <p>It has not been checked yet.</p> : <Result {...{ chrome, server }} />}
    </Card>
  </div>
)

const lookAgain = (id: number) => ({
  'hx-get': paths.adminDatabaseServer(id),
  'hx-trigger': 'every 3s',
  'hx-select': '#last-check',
  'hx-swap': 'outerHTML',
})

const Result = ({ chrome, server }: Props) => {
  const state = checkStateOf(server)
  return (
    <>
      <p>
        <StatusMark look={checkLooks[state]} word={state} />,{' '}
        <Time at={server.checked_at} zone={zoneOf(chrome)} look="sentence" />
      </p>
      <ul class="check-lines">
        {checkLinesOf(server).map(line => (
          <Line line={line} />
        ))}
      </ul>
    </>
  )
}

const Line = ({ line }: { line: CheckLine }) => {
  const [first = '', ...statements] = line.says.split('\n')
  return (
    <li class="check-line">
      <p>
        <StatusMark look={lineLooks[line.level]} word={line.level} /> <strong>{line.what}</strong>: {first}
      </p>
      {statements.length > 0 && (
        <pre class="code-block" tabindex={0}>
          {statements.join('\n')}
        </pre>
      )}
    </li>
  )
}
