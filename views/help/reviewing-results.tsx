import { paths } from '../../src/paths.ts'
import { StatusBadge } from '../ui/status-badge.tsx'

export const ReviewingResultsHelp = () => (
  <>
    <ol>
      <li>
        Open <a href={paths.serviceRequests()}>Service Requests</a>.
      </li>
      <li>
        Find your request. Under each column’s name is a field to filter by it: type something and press
        Enter. With all fields empty, Enter shows all requests again. A column’s name sorts by it. The filters
        stand in the address, so a bookmark keeps them.
      </li>
      <li>Open the request by its number.</li>
      <li>
        Open the tab <strong>Log</strong>. It shows every step with its state, how long it took, and what the
        program said, line by line. While the request runs, the log fills by itself; without JavaScript, use
        its link to refresh.
      </li>
    </ol>
    <h2>What the statuses mean</h2>
    <dl class="help-terms">
      <dt>
        <StatusBadge status="NEW" />
      </dt>
      <dd>Saved. It will not run before it is queued.</dd>
      <dt>
        <StatusBadge status="QUEUED" />
      </dt>
      <dd>It waits for its time, or for other requests on the same environment.</dd>
      <dt>
        <StatusBadge status="INPROG" />
      </dt>
      <dd>It runs. It can’t be stopped any more.</dd>
      <dt>
        <StatusBadge status="RESOLVED" />
      </dt>
      <dd>Done, every step.</dd>
      <dt>
        <StatusBadge status="FAILED" />
      </dt>
      <dd>
        A step failed. See <a href={paths.helpPage('in-the-event-of-a-failure')}>In the event of a failure</a>
        .
      </dd>
      <dt>
        <StatusBadge status="UNKNOWN" />
      </dt>
      <dd>
        The portal lost sight of it while it ran. Nothing else changes the environment until somebody settles
        it.
      </dd>
      <dt>
        <StatusBadge status="MISSED" />
      </dt>
      <dd>It could not start in time and was not run.</dd>
      <dt>
        <StatusBadge status="CANCELLED" />
      </dt>
      <dd>Somebody cancelled it before it was picked up.</dd>
      <dt>
        <StatusBadge status="CLOSED" />
      </dt>
      <dd>Finished and put away: by whoever requested it, or by itself after 30 days.</dd>
    </dl>
    <h2>Who sees it</h2>
    <p>
      Everybody who has the customer in their Customer Access List sees the request and its log. Whoever
      requested it, the managers of the customer and the operators can add a note with{' '}
      <strong>New Row</strong> under <strong>Work Log</strong>. <strong>Communication Log</strong> lists every
      mail about the request and whether it was delivered.
    </p>
    <p>
      You get a mail when a request of yours starts, ends or is missed. Each can be switched off on your{' '}
      <a href={paths.profile()}>Profile</a>.
    </p>
  </>
)
