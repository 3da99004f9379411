import { paths } from '../../src/paths.ts'
import type { WaitingForMe, WaitingRequest } from '../../src/start-center/queries.ts'
import { approvalName } from '../access/approval-parts.tsx'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

/** What this person should do something about. */
export const Waiting = ({ chrome, waiting }: { chrome: Pick<Chrome, 'actor'>; waiting: WaitingForMe }) => {
  const { approvals, revalidation, passwords, fewManagers, failedAccesses, ...requests } = waiting
  const nothing =
    approvals.count === 0 &&
    revalidation.length === 0 &&
    passwords.length === 0 &&
    fewManagers.length === 0 &&
    failedAccesses.length === 0 &&
    Object.values(requests).every(list => list.length === 0)
  return (
    <Card title="Waiting for you">
      {nothing && <p class="soft">Nothing waits for you.</p>}
      {chrome.actor && <Approvals approvals={approvals} person={chrome.actor.id} />}
      {chrome.actor && <Revalidation chrome={chrome} due={revalidation} person={chrome.actor.id} />}
      {chrome.actor && <Passwords chrome={chrome} passwords={passwords} person={chrome.actor.id} />}
      <FailedAccesses accesses={failedAccesses} />
      <FewManagers customers={fewManagers} />
      <Group words="The outcome is not known: look, and settle it" requests={waiting.toSettle} />
      <Group words="Saved, but not queued: it will not be run" requests={waiting.notQueued} />
      <Group words="Failed: see why, then close it" requests={waiting.failed} />
    </Card>
  )
}

const revalidationWords = 'Re-validate your accesses (CBN)'

const Revalidation = (props: {
  chrome: Pick<Chrome, 'actor'>
  due: WaitingForMe['revalidation']
  person: string
}) =>
  props.due.length === 0 ? null : (
    <section class="waiting-group" aria-label={revalidationWords}>
      <h3>{revalidationWords}</h3>
      <ul class="link-list">
        {props.due.slice(0, 5).map(part => (
          <li>
            <a href={paths.manageAccess(props.person)}>{part.customerId}</a>{' '}
            <span>
              due by <Time at={part.dueAt} zone={zoneOf(props.chrome)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

const passwordsWords = 'Database passwords about to expire'

const Passwords = (props: {
  chrome: Pick<Chrome, 'actor'>
  passwords: WaitingForMe['passwords']
  person: string
}) =>
  props.passwords.length === 0 ? null : (
    <section class="waiting-group" aria-label={passwordsWords}>
      <h3>{passwordsWords}</h3>
      <ul class="link-list">
        {props.passwords.map(({ account, accessId, assetId, expiresAt }) => (
          <li>
            <a
              href={`${paths.manageAccess(props.person, { asset: assetId, access: accessId })}#access-${accessId}`}
            >
              {account}
            </a>{' '}
            <span>
              on {assetId}, expires <Time at={expiresAt} zone={zoneOf(props.chrome)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

const approvalsWords = 'Access requests to decide about'

const Approvals = ({ approvals, person }: { approvals: WaitingForMe['approvals']; person: string }) =>
  approvals.count === 0 ? null : (
    <section class="waiting-group" aria-label={approvalsWords}>
      <h3>{approvalsWords}</h3>
      <ul class="link-list">
        {approvals.rows.map(row => (
          <li>
            <span>{approvalName(row, approvals.rows)}</span>
          </li>
        ))}
        <li>
          <a href={paths.approvals(person)}>Access Approvals ({approvals.count})</a>
        </li>
      </ul>
    </section>
  )

const failedAccessesWords = 'Accesses that could not be granted or removed'

const FailedAccesses = ({ accesses }: { accesses: WaitingForMe['failedAccesses'] }) =>
  accesses.length === 0 ? null : (
    <section class="waiting-group" aria-label={failedAccessesWords}>
      <h3>{failedAccessesWords}</h3>
      <ul class="link-list">
        {accesses.map(access => (
          <li>
            <a href={paths.accessLog(access.id)}>
              {access.person_id}, {access.asset_id}, {access.type_name}
            </a>{' '}
            <StatusBadge status={access.status} />
          </li>
        ))}
      </ul>
    </section>
  )

const fewManagersWords = 'Customers with fewer than two managers'

const FewManagers = ({ customers }: { customers: WaitingForMe['fewManagers'] }) =>
  customers.length === 0 ? null : (
    <section class="waiting-group" aria-label={fewManagersWords}>
      <h3>{fewManagersWords}</h3>
      <ul class="link-list">
        {customers.map(customer => (
          <li>
            <a href={paths.adminCustomer(customer.id)}>{customer.id}</a>{' '}
            <span>
              {customer.name}: {Number(customer.managers) === 0 ? 'none' : 'only one'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

const Group = ({ words, requests }: { words: string; requests: readonly WaitingRequest[] }) =>
  requests.length === 0 ? null : (
    <section class="waiting-group" aria-label={words}>
      <h3>{words}</h3>
      <ul class="link-list">
        {requests.map(request => (
          <li>
            <a href={paths.serviceRequest(request.id)}>{request.id}</a>{' '}
            <span>
              {request.action_name}, {request.asset_id}
            </span>{' '}
            <StatusBadge status={request.status} />
          </li>
        ))}
      </ul>
    </section>
  )
