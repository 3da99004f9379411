import { paths } from '../../src/paths.ts'
import { FirstSteps } from './access-steps.tsx'

export const TransferHelp = () => (
  <>
    <p>
      A database service account is used by programs, which go on when the person who has it leaves. Transfer
      Access gives it to another person of the customer. Who has it, a manager of the customer or an operator
      can ask for that. User accounts can’t be transferred.
    </p>
    <ol>
      <FirstSteps select="Select your own Login ID or, as a manager, that of the user who has the account." />
      <li>
        Select the <strong>Manage Access</strong> tab.
      </li>
      <li>
        Select the asset of the account in the <strong>Assets</strong> table.
      </li>
      <li>
        Open the account by the arrow at its left, and press <strong>Transfer Access</strong>.
        <p class="help-note">
          It stands there as long as the access is APPROVED. Before a user is deactivated, or a customer is
          removed from their list, their service accounts are listed with the same link.
        </p>
      </li>
      <li>
        Enter the Login ID or the code of the person who is to have it in <strong>User</strong>. They need the
        customer in their Customer Access List.
      </li>
      <li>
        Enter a reason in <strong>Justification</strong>, and press <strong>Transfer Access</strong>. A
        manager of the customer decides, but nobody who asked for it or would have it then.
      </li>
    </ol>
    <h2>What happens then</h2>
    <p>
      Until it is approved nothing changes. When it is, the account belongs to its new owner and gets a new
      password, which only they can see; both are told by mail. Its name and rights, and what it owns on the
      server, stay as they are. The access of the former owner is REMOVED.
    </p>
    <p>
      Programs that use the account are disconnected and need the new password at once: agree with who decides
      when that suits. How to display it stands in{' '}
      <a href={paths.helpPage('how-to-request-a-database-service-account')}>
        How to Request a Database Service Account
      </a>
      .
    </p>
    <p>
      Before it is decided, the person who is to have the account, a manager of the customer or an operator
      can take the transfer back: on the record of that person, in the details of the access, with{' '}
      <strong>Withdraw request</strong>.
    </p>
  </>
)
