import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const ObtainingAccessHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <p>Two things are needed before you can submit service requests.</p>
    <ol>
      <li>
        <strong>A Login ID of this portal</strong>, with the customer in your Customer Access List. With it
        you see the customer’s environments and service requests. You get a mail with a link as soon as it is
        set up.
      </li>
      <li>
        <strong>An approved Self-Service Portal access</strong> for one of the customer’s environments. You
        ask for it at <strong>Security</strong> › <a href={paths.accessManagement()}>Access Management</a>, on
        the tab Manage Access of your own record; a manager of the customer approves it.
        <p class="help-note">
          Access to one environment grants access to all environments of the customer. It is not necessary to
          request access for each asset.
        </p>
      </li>
    </ol>
    <h2>Whom to ask</h2>
    {facts.managers.length > 0 ? (
      <p>
        The managers of your customers: {facts.managers.join(', ')}. They add users and decide about access
        requests.
      </p>
    ) : (
      <p>
        A manager of the customer whose environments you need. If you do not know who that is, ask the
        operators of this portal.
      </p>
    )}
    <p>
      A new customer should name at least two managers, one primary and one backup, with first name, last name
      and e-mail address.
    </p>
    <h2>What the roles may do</h2>
    <dl class="help-terms">
      <dt>STD_USER</dt>
      <dd>Sees the environments and requests of their customers; with the access, submits requests.</dd>
      <dt>MANAGER</dt>
      <dd>
        The same, and looks after one customer: adds and removes its users, decides about their access
        requests, settles service requests whose outcome is not known and, with the access, takes back and
        cancels those of others.
      </dd>
      <dt>OPERATOR</dt>
      <dd>Staff of whoever runs this portal. Sets up customers, environments and what can be requested.</dd>
    </dl>
    <p>
      Your own role and customers stand on your <a href={paths.profile()}>Profile</a>.
    </p>
  </>
)
