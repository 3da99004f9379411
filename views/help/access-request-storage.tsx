import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import { FirstSteps, OwnRecord } from './access-steps.tsx'

export const RequestFileAccessHelp = () => (
  <>
    <Steps type="Object Storage File Access" what="files" />
    <h2>Working with files</h2>
    <p>
      Open the asset and choose <strong>Files</strong> under <strong>Object storage</strong>. The list can be
      filtered by name and sorted; press a folder to go into it and a file to download it.
    </p>
    <ul>
      <li>
        Choose a <strong>File</strong> and press <strong>Upload</strong>. The page says how large it may be.
        Nothing that is there is replaced: if the name is taken, yours gets a number, and the portal says so.
      </li>
      <li>
        A file is kept as what its content is. If it was sent as something else, the portal says that too.
      </li>
      <li>
        An upload that breaks off leaves nothing behind: send the file again. A download can be taken up where
        it broke off.
      </li>
      <li>
        <strong>New Folder</strong> makes a folder in the one you are in. Names can’t hold what not every
        system can store, such as slashes, colons or characters that can’t be seen.
      </li>
    </ul>
    <Kept what="Files" days={15} />
    <p>Only the operators delete files. If one has to go earlier, ask them.</p>
  </>
)

export const RequestLogAccessHelp = () => (
  <>
    <Steps type="Object Storage Log Access" what="logs" />
    <h2>Working with logs</h2>
    <p>
      Open the asset and choose <strong>Logs</strong> under <strong>Object storage</strong>. The list can be
      filtered by name and sorted by size and by time; press a log to download it. Logs are written by the
      environment: nothing can be put there.
    </p>
    <p>
      The logs of service requests are something else: they stand on each request, on its tab Log. See{' '}
      <a href={paths.helpPage('reviewing-service-request-results')}>Reviewing Service Request Results</a>.
    </p>
    <Kept what="Logs" days={30} />
  </>
)

const Steps = ({ type, what }: { type: string; what: Child }) => (
  <ol>
    <FirstSteps select={<OwnRecord />} />
    <li>
      Select the <strong>Manage Access</strong> tab.
    </li>
    <li>
      Add an asset to the <strong>Assets</strong> table with its <strong>New Row</strong> button, unless it is
      there already.
    </li>
    <li>
      Press the magnifying glass beside <strong>Asset</strong> to bring up the assets you have access to, and
      choose the one whose {what} you need. The access is for this asset alone.
      <p class="help-note">
        If the asset you want is not in the list, you do not have access to its organization. The list names
        the managers to ask.
      </p>
    </li>
    <li>
      Press the <strong>New Row</strong> button under <strong>Specific Access in the Environment</strong>.
    </li>
    <li>
      Bring up the list of accesses with the magnifying glass beside <strong>Access Type</strong>, and choose{' '}
      <strong>{type}</strong>. What can’t be requested on this asset stands below the list, with the reason.
    </li>
    <li>
      Enter a reason in <strong>Justification</strong>.
    </li>
    <li>
      Press <strong>Save</strong>. A manager of the customer decides. You get a mail when your request has
      been approved.
    </li>
  </ol>
)

const Kept = ({ what, days }: { what: string; days: number }) => (
  <p>
    {what} are deleted {days} days after their last change, unless the operators have set another time for the
    asset; the page says which one. The access ends at once when it is suspended or removed.
  </p>
)
