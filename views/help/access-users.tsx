import { paths } from '../../src/paths.ts'
import { FirstSteps, ManagersOnly } from './access-steps.tsx'

export const CreateUserHelp = () => (
  <>
    <p>
      Managers can create new users, standard users or managers. A new user has access to submit access
      requests for the customer you are managing.
    </p>
    <ManagersOnly />
    <ol>
      <FirstSteps />
      <li>
        Press <strong>New Access</strong> (plus sign).
      </li>
      <li>
        Enter, in this order:
        <dl class="help-terms">
          <dt>Login ID</dt>
          <dd>The e-mail address the new user signs in with.</dd>
          <dt>First Name, Last Name</dt>
          <dd>As the user is called.</dd>
          <dt>Primary Email</dt>
          <dd>Where mails go, the first one with the sign-in link included.</dd>
          <dt>Role</dt>
          <dd>STD_USER = Standard User, MANAGER = Manager.</dd>
          <dt>Managing Customer</dt>
          <dd>With the Role MANAGER: the customer you are managing. It is filled in for you.</dd>
        </dl>
      </li>
      <li>
        Press <strong>Save</strong>.
      </li>
      <li>
        The user is PENDING CREATE for a moment, then ACTIVE. They get a mail with a link to set their
        password, and the customer you are managing stands in their Customer Access List.
      </li>
    </ol>
  </>
)

export const GrantCustomerHelp = () => (
  <>
    <p>
      Managers can grant an existing user access to the customer they are managing. The user can then submit
      access requests for that customer; each has to be approved by a manager before it is granted.
    </p>
    <ol>
      <FirstSteps />
      <li>
        Press <strong>New Access</strong> (plus sign).
      </li>
      <li>
        Enter the user’s <strong>Login ID</strong>. A question mark (<strong>?</strong>) appears beside the
        field; without scripts it appears when you press Save.
        <p class="help-note">
          If it does not appear, the user does not exist yet: follow{' '}
          <a href={paths.helpPage('how-to-create-a-new-user')}>How to Create a New User</a>, which also grants
          access to the customer you are managing.
        </p>
      </li>
      <li>
        Press the question mark. You are asked whether to grant the user access to the customer you are
        managing. Press <strong>Yes</strong>: it is done at once. A user who is INACTIVE can be reactivated
        and granted in one step.
      </li>
      <li>Return to the List View without saving.</li>
      <li>The user now stands in your List View and has access to the customer you are managing.</li>
    </ol>
  </>
)

export const PromoteHelp = () => (
  <>
    <ManagersOnly />
    <ol>
      <FirstSteps />
      <li>
        If the user does not have access to your customer, follow{' '}
        <a href={paths.helpPage('how-to-grant-an-existing-user-access-to-a-customer')}>
          How to Grant an Existing User Access to a Customer
        </a>
        .
      </li>
      <li>
        If the user is a STD_USER, open their record and change the <strong>Role</strong> on the Person
        Information tab to MANAGER, then press <strong>Save</strong>. This makes them a manager of your
        customer.
      </li>
      <li>
        If the user is a manager of another customer, their Role must be changed to STD_USER first, by a
        manager of that customer or by an operator of this portal. You can then change it to MANAGER.
      </li>
    </ol>
    <p class="help-note">
      A customer should have at least two managers, one primary and one backup. The last one can’t be demoted,
      removed or deactivated, except by an operator.
    </p>
  </>
)
