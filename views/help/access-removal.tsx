import { FirstSteps } from './access-steps.tsx'

export const RemoveAccessHelp = () => (
  <>
    <p>
      You can remove accesses that you have. Managers can remove accesses of all users under the customer they
      are managing.
    </p>
    <ol>
      <FirstSteps select="Select your Login ID or, as a manager, that of the user whose access you want to remove." />
      <li>
        Select the <strong>Manage Access</strong> tab to view the existing accesses.
      </li>
      <li>
        Select the asset the access is linked to in the <strong>Assets</strong> table. All existing and
        pending accesses on it then stand in the table <strong>Specific Access in the Environment</strong>.
      </li>
      <li>Open the details of the access with the arrow at the beginning of its row.</li>
      <li>
        Press <strong>Remove Access</strong>. The status becomes PENDING REMOVAL.
        <p class="help-note">
          For a database account a page says first what will happen to it: press{' '}
          <strong>Remove Access</strong> there to go on.
        </p>
      </li>
      <li>
        The status becomes REMOVED once the removal is completed and proven.
        <p class="help-note">
          When it fails, the Pending Status says why, and it is tried again until it is done.
        </p>
      </li>
    </ol>
    <h2>Several at once</h2>
    <p>
      Press the delete button of several rows, or of an asset for all accesses on it: they are struck through,
      can be taken back, and are removed together when you press <strong>Save</strong>.
    </p>
    <p>
      Removing Self-Service Portal access takes back the queued requests of that person, unless another access
      covers the same customer.
    </p>
  </>
)

export const RemoveCustomerHelp = () => (
  <>
    <p>
      Managers can remove a user’s access to submit access requests for a customer. All existing accesses
      linked to the customer are removed as well. If the user does not have access to other customers, their
      account is deactivated.
    </p>
    <p class="help-note">
      Managers can only remove the customer they are managing from a user’s Customer Access List.
    </p>
    <ol>
      <FirstSteps select="Select the user’s Login ID from the List View." />
      <li>
        In the <strong>Customer Access List</strong> table, press the delete button of the customer’s row.
      </li>
      <li>
        A warning says that all accesses under the customer are revoked and, if it is the last customer in the
        list, that the user becomes INACTIVE. To go on, press <strong>Yes</strong>. The row is struck through;
        until you save you can take it back.
      </li>
      <li>
        Press <strong>Save</strong> and return to the List View.
        <p class="help-note">
          The user is no longer in your List View, because they no longer have access to the customer you are
          managing.
        </p>
      </li>
    </ol>
  </>
)
