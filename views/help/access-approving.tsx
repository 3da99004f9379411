import { paths } from '../../src/paths.ts'
import { FirstSteps, OwnRecord } from './access-steps.tsx'

export const ApproveHelp = () => (
  <>
    <p>
      Managers approve or reject the access requests of users of the customer they are managing. You get a
      mail for each, with a link that leads straight to the decision. It works once and is meant for you
      alone.
    </p>
    <ol>
      <FirstSteps select={<OwnRecord />} />
      <li>
        Select the <strong>Access Approvals</strong> tab. Its table has all the access requests that you can
        process.
      </li>
      <li>Open the details of a request with the arrow at the beginning of its row.</li>
      <li>
        Choose the <strong>Disposition</strong>: APPROVED or REJECTED. For REJECTED fill in{' '}
        <strong>Reviewer Comments</strong>: the requester reads there why.
      </li>
      <li>
        When you have decided about all you wanted to, press <strong>Save</strong>. All decisions take effect
        together, or none of them. Requesters are notified when their request has been rejected, or when they
        have been granted the access.
      </li>
    </ol>
    <h2>What you can’t decide</h2>
    <p>
      Requests that you made, changed last or would benefit from, and those of a manager you stand in for:
      another manager decides, or the operators. If somebody decided or changed a request while you were
      reading it, you are told and nothing of your Save is applied; the rest stays filled in.
    </p>
    <h2>When you are away</h2>
    <p>
      Name a stand-in, a manager of the same customer, on your <a href={paths.profile()}>Profile</a>. Requests
      that nobody decides go to the operators of the portal, and expire in the end.
    </p>
  </>
)

export const RevalidationHelp = () => (
  <>
    <p>
      The continued business need (CBN) for accesses must be validated annually. It is asked of all users at
      the same time, so it may be less than a year after an access was granted. You get a mail when it is due.
    </p>
    <p class="help-note">
      Until that time the <strong>Re-validate CBN</strong> button is not on the Manage Access tab.
    </p>
    <ol>
      <FirstSteps select={<OwnRecord />} />
      <li>
        Select the <strong>Manage Access</strong> tab. Remove any accesses you no longer have a business need
        for, and press <strong>Save</strong>.
      </li>
      <li>
        Press <strong>Re-validate CBN</strong> to validate your continued need for the remaining accesses.
        With two customers, each part is confirmed.
      </li>
      <li>The button disappears: you are done.</li>
    </ol>
    <h2>If you do not answer</h2>
    <p>
      You are reminded 14, 7 and 1 days before the deadline. After it your managers are told, and your
      accesses may be suspended and later removed. While they are suspended, you can still answer and get them
      back.
    </p>
  </>
)
