import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'

/** The first steps of every how-to of the Access Management tool. */
export const FirstSteps = ({ select }: { select?: Child }) => (
  <>
    <li>
      Sign in with your Login ID. If you are unable to sign in, see{' '}
      <a href={paths.helpPage('obtaining-access-to-the-access-management-tool')}>
        Obtaining Access to the Access Management Tool
      </a>
      .
    </li>
    <li>
      Choose <strong>Security</strong> › <strong>Access Management</strong> from the menu.
    </li>
    {select && <li>{select}</li>}
  </>
)

export const OwnRecord = () => <>Select your own Login ID from the list.</>

export const ManagersOnly = () => (
  <p class="help-note">
    Only users that will be responsible for approving/rejecting access requests should be assigned the Manager
    role.
  </p>
)
