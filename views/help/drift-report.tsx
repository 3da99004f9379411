import { driftKinds } from '../../src/database-accounts/drift-words.ts'
import { paths } from '../../src/paths.ts'

export const DriftHelp = () => (
  <>
    <p>
      Every night the portal compares the accounts it knows with those on each database server, and mails
      operators what is new. The <a href={paths.adminDrift()}>Drift report</a> shows what stands open;{' '}
      <strong>Compare now</strong> looks again. Nothing is changed on a server until an operator says so.
    </p>
    <h2>{driftKinds.ORPHAN.label}</h2>
    <p>{driftKinds.ORPHAN.about} Somebody made it by hand, or a backup brought it back.</p>
    <ul>
      <li>
        <strong>Adopt</strong> requests it for a person. The managers of the asset’s customer decide, as about
        every access; when they approve, it gets a new password that only that person can see.
      </li>
      <li>
        <strong>Disable</strong> locks it and ends its sessions. It stays in the report.
      </li>
      <li>
        <strong>Drop</strong> removes it for good. What it owns goes to a group of the portal.
      </li>
    </ul>
    <h2>{driftKinds.VANISHED.label}</h2>
    <p>
      {driftKinds.VANISHED.about} <strong>Reset Database Password</strong> on the access record makes it
      again; if it is not needed any more, remove the access.
    </p>
    <h2>{driftKinds.RIGHTS.label}</h2>
    <p>
      {driftKinds.RIGHTS.about} The finding says which rights. Put them right on the server, or take the
      access away, for now with <strong>Disable</strong> or for good with <strong>Remove Access</strong>.
    </p>
    <h2>When it is settled</h2>
    <p>
      A finding that is so no more at the next comparison settles by itself. A server that can’t be reached is
      named with the reason, and keeps what was found on it before.
    </p>
  </>
)
