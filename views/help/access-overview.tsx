import { paths } from '../../src/paths.ts'

export const AccessOverviewHelp = () => (
  <>
    <p>
      The Access Management tool is where you look after who may do what: your own accesses and, as a manager,
      those of your customer’s users. You find it at <strong>Security</strong> ›{' '}
      <a href={paths.accessManagement()}>Access Management</a>.
    </p>
    <h2>User roles</h2>
    <dl class="help-terms">
      <dt>Manager user</dt>
      <dd>
        Has the Role MANAGER. Adds and removes users, grants users access to the customer they are managing,
        reviews access requests, views, modifies and removes user accesses — and does all that a standard user
        does.
      </dd>
      <dt>Standard user</dt>
      <dd>
        Has the Role STD_USER. Submits access requests, views, modifies and removes their own accesses, and
        may deactivate their own account.
      </dd>
    </dl>
    <h2>Views and tabs</h2>
    <dl class="help-terms">
      <dt>List View</dt>
      <dd>
        The first page. Managers see the users that have access to the customer they are managing, standard
        users see themselves.
      </dd>
      <dt>Person Information</dt>
      <dd>
        Login ID, name, e-mail address, role and the customers a user has access to; of a manager also the
        customer they are managing.
      </dd>
      <dt>Manage Access</dt>
      <dd>
        Existing and pending accesses. Select an asset in the Assets table, and the table Specific Access in
        the Environment shows the accesses on it. Access requests are made here too.
      </dd>
      <dt>Access Approvals</dt>
      <dd>
        On a manager’s own record: the requests that wait for a decision. See{' '}
        <a href={paths.helpPage('how-to-approve-reject-an-access-request')}>
          How to Approve / Reject an Access Request
        </a>
        .
      </dd>
    </dl>
    <h2>Statuses of an access</h2>
    <dl class="help-terms">
      <dt>NEW</dt>
      <dd>Typed in, not saved yet.</dd>
      <dt>PROCESSING</dt>
      <dd>
        Waits for a decision; with the Pending Status PROVISIONING it was approved and is being set up. A
        Pending Status that begins with FAILED says what went wrong; it is tried again by itself.
      </dd>
      <dt>APPROVED</dt>
      <dd>Granted, and proven to work.</dd>
      <dt>REJECTED</dt>
      <dd>Denied, or nobody decided in time.</dd>
      <dt>SUSPENDED</dt>
      <dd>Opens nothing until it is given back, such as after a re-validation that was not answered.</dd>
      <dt>PENDING REMOVAL</dt>
      <dd>Being removed.</dd>
      <dt>REMOVED</dt>
      <dd>Gone, and proven to be.</dd>
    </dl>
  </>
)
