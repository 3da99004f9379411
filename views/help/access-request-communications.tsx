import { FirstSteps, OwnRecord } from './access-steps.tsx'

export const RequestCommunicationsHelp = () => (
  <>
    <ol>
      <FirstSteps select={<OwnRecord />} />
      <li>
        Select the <strong>Manage Access</strong> tab.
      </li>
      <li>
        Add an asset to the <strong>Assets</strong> table with its <strong>New Row</strong> button.
      </li>
      <li>
        Press the magnifying glass beside <strong>Asset</strong> to bring up the assets you have access to, or
        type the beginning of one.
        <p class="help-note">
          If the asset you want is not in the list, you do not have access to its organization. The list names
          the managers to ask.
        </p>
      </li>
      <li>
        Choose an asset of the organization. Access on one asset grants you communications access to all
        assets of that organization.
      </li>
      <li>
        The asset you added is selected: what you request next is linked to it. To select another one, press
        its id in the table.
      </li>
      <li>
        Press the <strong>New Row</strong> button under <strong>Specific Access in the Environment</strong>.
      </li>
      <li>
        Bring up the list of accesses with the magnifying glass beside <strong>Access Type</strong>, and
        choose <strong>Client Communications Center</strong>.
      </li>
      <li>
        A warning says that one request per organization is enough and that you will be subscribed to email
        notifications, from which you can unsubscribe at any time by the link in each mail. Press{' '}
        <strong>OK</strong>.
      </li>
      <li>
        Enter a reason in <strong>Justification</strong>.
      </li>
      <li>
        Press <strong>Save</strong>. You get a mail when your request has been approved.
      </li>
    </ol>
    <h2>Other accesses</h2>
    <p>
      Every other access type is requested in the same way; several rows, also on several assets, can be saved
      at once.
    </p>
  </>
)
