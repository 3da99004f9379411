import type { PresentState } from '../../src/assets/present-state.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

interface Props {
  chrome: Chrome
  present: PresentState
  hasAddress: boolean
}

/** Whether the environment answers, and whether its programs run. */
export const AssetPresent = ({ chrome, present, hasAddress }: Props) => (
  <Card title="Now">
    <ul class="present">
      <li>
        <Health chrome={chrome} health={present.health} hasAddress={hasAddress} />
      </li>
      {present.processes.map(process => (
        <li>
          <Process chrome={chrome} {...process} />
        </li>
      ))}
    </ul>
  </Card>
)

interface HealthProps {
  chrome: Chrome
  health: PresentState['health']
  hasAddress: boolean
}

const Health = ({ chrome, health, hasAddress }: HealthProps) => {
  if (!hasAddress) return <>Its availability is not watched: the asset has no health address.</>
  if (!health)
    return (
      <>
        <StatusMark look="unknown" word="not known" /> It has not been asked yet; it is asked once a minute.
      </>
    )
  const zone = zoneOf(chrome)
  if (health.stale)
    return (
      <>
        <StatusMark look="unknown" word="not known" /> It was last asked{' '}
        <Time at={health.checkedAt} zone={zone} />; no worker has asked since. It was {health.state} then.
      </>
    )
  return (
    <>
      <StatusMark
        look={health.state === 'up' ? 'done' : 'failed'}
        word={health.state === 'up' ? 'available' : 'not available'}
      />{' '}
      since <Time at={health.since} zone={zone} />. Its health address {health.answer}, asked{' '}
      <Time at={health.checkedAt} zone={zone} />.
    </>
  )
}

const Process = ({ chrome, name, now }: { chrome: Chrome } & PresentState['processes'][number]) => {
  switch (now.state) {
    case 'running':
      return (
        <>
          <StatusMark look="done" word="running" /> <code>{name}</code> since{' '}
          <Time at={now.since} zone={zoneOf(chrome)} />
        </>
      )
    case 'stopped':
      return (
        <>
          <StatusMark look="stopped" word="stopped" /> <code>{name}</code>
        </>
      )
    case 'elsewhere':
      return (
        <>
          <StatusMark look="unknown" word="elsewhere" /> <code>{name}</code> was started on the machine{' '}
          {now.host}, which can’t be looked into from here.
        </>
      )
    case 'unknown':
      return (
        <>
          <StatusMark look="unknown" word="not known" /> <code>{name}</code> was never started by the portal.
        </>
      )
  }
}
