import type { Child } from 'hono/jsx'
import { passwordHint } from '../../src/database-accounts/password-rule.ts'
import { paths } from '../../src/paths.ts'
import { FirstSteps, OwnRecord } from './access-steps.tsx'

/** From the menu to a new row under the selected asset. */
const UpToTheNewRow = () => (
  <>
    <FirstSteps select={<OwnRecord />} />
    <li>
      Select the <strong>Manage Access</strong> tab.
    </li>
    <li>
      Add an asset to the <strong>Assets</strong> table with its <strong>New Row</strong> button. If it is in
      the table already, go on with step 8.
    </li>
    <li>
      Press the magnifying glass beside <strong>Asset</strong> to bring up the assets you have access to, or
      type the beginning of one.
      <p class="help-note">
        If the asset you want is not in the list, you do not have access to its organization. The list names
        the managers to ask.
      </p>
    </li>
    <li>Choose the asset whose database the account is for.</li>
    <li>
      The asset you added is selected: what you request next is linked to it. To select another one, press its
      id in the table.
    </li>
    <li>
      Press the <strong>New Row</strong> button under <strong>Specific Access in the Environment</strong>.
    </li>
    <li>
      Bring up the list of accesses with the magnifying glass beside <strong>Access Type</strong>. What can’t
      be requested on this asset stands below the list, with the reason.
    </li>
  </>
)

const SaveIt = () => (
  <li>
    Press <strong>Save</strong>. A manager of the customer decides. You get a mail when your request has been
    approved and the account has been created.
  </li>
)

const Retrieve = ({ again }: { again?: Child }) => (
  <li>
    Return to the access record: select the asset, and open the access by the arrow at its left. Under{' '}
    <strong>Database Account Configuration</strong> stand host, port, database and connection strings to copy.
    Tick <strong>Show Database Password?</strong> and <strong>Show Database SSL Certificate?</strong> to
    display the password and the certificate, and clear them to hide both again; where scripts are switched
    off, press <strong>Show</strong> afterwards. {again}
    <p class="help-note">
      Only you can display them, each time is recorded, and after 15 minutes the portal asks you to identify
      yourself again. Save the certificate as a file: clients need it to verify the server they connect to.
    </p>
  </li>
)

const Rights = ({ days }: { days: number }) => (
  <>
    <h2>What the account can do</h2>
    <p>
      On non-production assets it reads and writes on the primary database server. On production assets it
      only reads, on the standby database server; where there is none, it can’t be requested.
    </p>
    <p>
      Its password expires after {days} days. You are told 14 days, 7 days and 1 day before, and on your Start
      Center. If nobody resets it, the portal does so before it expires, and mails you that it has changed.
    </p>
  </>
)

export const ServiceAccountHelp = () => (
  <>
    <p>
      A database service account is for integration: a program signs in with it, not a person. For yourself,
      see <a href={paths.helpPage('how-to-request-a-database-user-account')}>Database User Account</a>.
    </p>
    <ol>
      <UpToTheNewRow />
      <li>
        Choose <strong>Create Database Service Account</strong>.
      </li>
      <li>
        Enter a reason in <strong>Justification</strong> and the name of the account in{' '}
        <strong>Database Account ID</strong>. It must contain the prefix <code>dbsrv_</code>; besides it can
        only contain numbers and lowercase letters, and must not exceed a length of 18 characters. A name that
        is taken on the database server is refused.
      </li>
      <SaveIt />
      <Retrieve />
    </ol>
    <Rights days={365} />
    <p>Several service accounts on one asset can be requested, also in one Save.</p>
  </>
)

export const UserAccountHelp = () => (
  <>
    <p>
      A database user account is for a person: you. For a program, see{' '}
      <a href={paths.helpPage('how-to-request-a-database-service-account')}>Database Service Account</a>.
    </p>
    <ol>
      <UpToTheNewRow />
      <li>
        Choose <strong>Create Database User Account</strong>.
      </li>
      <li>
        Enter a reason in <strong>Justification</strong>. The <strong>Database Account ID</strong> is
        populated for you.
      </li>
      <SaveIt />
      <Retrieve />
    </ol>
    <Rights days={90} />
  </>
)

export const ResetPasswordHelp = () => (
  <>
    <ol>
      <FirstSteps select={<OwnRecord />} />
      <li>
        Select the <strong>Manage Access</strong> tab.
      </li>
      <li>
        Select the asset of the database account in the <strong>Assets</strong> table.
      </li>
      <li>
        Open the database account by the arrow at its left. Its details and the actions that can be run
        against it are shown.
      </li>
      <li>
        Enter a new password in <strong>New Database Password</strong>, or leave it blank to have one
        generated.
        <p class="help-note">{passwordHint} At most 64 characters.</p>
      </li>
      <li>
        Press <strong>Reset Database Password</strong>. No approval is required. You get a mail when the
        password has been reset.
      </li>
      <Retrieve again="The certificate has been refreshed, too." />
    </ol>
    <h2>Until it is done</h2>
    <p>
      Pending Status is RESETTING PASSWORD. The old password is good, and shown, until the new one is proven
      to work. If the database server can’t be reached, the portal tries again by itself. If the server
      refuses the password you chose, a generated one takes its place, and the mail says so.
    </p>
    <h2>Service accounts: at a time that suits the program</h2>
    <p>
      Enter it in <strong>Reset at</strong>: the password is generated then. Until that time{' '}
      <strong>Cancel the scheduled reset</strong> takes it back.
    </p>
    <h2>Managers and operators</h2>
    <p>
      They can reset the password of somebody’s account, but neither choose it nor see it: it is always
      generated.
    </p>
  </>
)
