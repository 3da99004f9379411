import { paths } from '../../src/paths.ts'

export const SettingUpHelp = () => (
  <>
    <ol>
      <li>
        <a href={paths.adminCustomers()}>Customers</a>: press <strong>New Customer</strong>. Give it an id
        such as 10000 and its name.
      </li>
      <li>
        <a href={paths.adminPersons()}>Persons</a>: press <strong>New Person</strong> for everybody, at least
        two of them with the Role MANAGER. Each gets a mail with a link. Without an SMTP server you find it
        under <a href={paths.adminMails()}>Mail</a>.
        <p class="help-note">
          Only users that will be responsible for approving/rejecting access requests should be assigned the
          Manager role.
        </p>
      </li>
      <li>
        <a href={paths.adminAssets()}>Assets administration</a>: press <strong>New Asset</strong> for each
        environment. What differs between environments that are handled alike goes into{' '}
        <strong>Variables</strong>.
      </li>
      <li>
        <a href={paths.adminRunbooks()}>Runbooks</a>: press <strong>New Runbook</strong> and write what is
        done, step by step. <strong>Dry run</strong> shows what would run on an asset, and starts nothing.
      </li>
      <li>
        <a href={paths.adminActions()}>Actions</a>: the common ones are there. Press{' '}
        <strong>New Action</strong> for your own, with fields of its own.
      </li>
      <li>
        Open the asset again, its tab <strong>Actions</strong>, and choose which runbook performs which action
        there. From then on it can be requested. On a production asset, also tick that it is allowed.
      </li>
      <li>
        On its tab <strong>Object storage</strong> choose where its files and its logs are kept: in a folder
        of the portal, which needs nothing set up, in another folder, or in an S3 bucket.{' '}
        <strong>Try it</strong> lists, writes, reads and deletes there, and saves nothing. Both are offered
        until you clear <strong>Offered</strong>; what is kept long enough is deleted every hour.
      </li>
    </ol>
    <p>
      Every change is recorded with who made it and when; each record shows its history. When a runbook is
      changed, what is queued already still runs the version it was queued with.
    </p>
    <p>
      <a href={paths.adminJobs()}>Jobs</a> shows the work of the background: which workers are alive, and what
      failed. <a href={paths.admin()}>Administration</a> tells what needs you.
    </p>
  </>
)
