import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const SupportedAccessHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <p>
      Accesses are requested on the tab Manage Access, for one asset each, and approved by a manager of the
      asset’s customer.
    </p>
    {facts.accessTypes.length === 0 ? (
      <p>Sign in to see what can be requested in this portal.</p>
    ) : (
      <section class="table-frame" aria-label="Supported Access Requests table" tabindex={0}>
        <table class="table matrix">
          <thead>
            <tr>
              <th scope="col">Access Type</th>
              <th scope="col">Summary</th>
              <th scope="col">Covers</th>
            </tr>
          </thead>
          <tbody>
            {facts.accessTypes.map(type => (
              <tr>
                <th scope="row">{type.name}</th>
                <td>{summaries[type.kind] ?? type.description}</td>
                <td>{type.scope === 'customer' ? 'all assets of the customer' : 'one asset'}</td>
              </tr>
            ))}
            {facts.accessTypes.some(type => isAccount(type.kind)) && <ResetRow />}
          </tbody>
        </table>
      </section>
    )}
    <h2>What happens to a request</h2>
    <p>
      The managers of the asset’s customer get a mail. Nobody decides what they have asked for, changed last
      or would benefit from. If nobody decides, they are reminded, then the operators of the portal are told;
      a request that stays undecided expires: it is never approved by silence.
    </p>
    <p>
      Until it is decided you can change the Justification or withdraw the request. An access may have an end
      date, after which it ends by itself.
    </p>
  </>
)

const isAccount = (kind: string) => kind === 'database-service' || kind === 'database-user'

/** Not an access of its own, but looked for among them. */
const ResetRow = () => (
  <tr>
    <th scope="row">Reset Database Account Password</th>
    <td>
      Resets the password of a Database User or Service Account, without approval: an action of the access.
      The new password and the refreshed SSL certificate stand on the access record when it is done. See{' '}
      <a href={paths.helpPage('how-to-reset-a-database-account-password')}>
        How to Reset a Database Account Password
      </a>
      .
    </td>
    <td>one database account</td>
  </tr>
)

const accountRights =
  'On non-production assets it reads and writes on the primary database server, on production assets it only reads, on the standby database server. Password and SSL certificate stand on the access record when the account is created.'

const summaries: Readonly<Record<string, string>> = {
  portal:
    'Grants a user access to submit service requests for the customer the access request’s asset is linked to. It is not necessary to request access for each asset.',
  communications:
    'Access to the Client Communications Center Dashboard for your organization, and subscription to its email notifications. One request per organization is enough.',
  'database-service': `A database account for integration: used by a program, not by a user. ${accountRights} Its password expires every 365 days.`,
  'database-user': `A database account for a person. ${accountRights} Its password expires every 90 days.`,
  files: 'List, download and upload files of the asset, and make folders for them.',
  logs: 'List and download logs of the asset.',
}
