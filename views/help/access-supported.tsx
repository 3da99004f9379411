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

const summaries: Readonly<Record<string, string>> = {
  portal:
    'Grants a user access to submit service requests for the customer the access request’s asset is linked to. It is not necessary to request access for each asset.',
  communications:
    'Access to the Client Communications Center Dashboard for your organization, and subscription to its email notifications. One request per organization is enough.',
}
