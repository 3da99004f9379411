import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

const onProduction = {
  no: 'no',
  'per-asset': 'where switched on',
  yes: 'yes',
} as const

export const SupportedRequestsHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    {facts.actions.length === 0 ? (
      <p>Sign in to see what can be requested in this portal.</p>
    ) : (
      <Matrix facts={facts} />
    )}
    <p>
      What is possible on one environment also depends on its product and on what has been set up for it. Its
      page under <a href={paths.assets()}>Assets</a> lists every action, and of those that are not possible it
      says why.
    </p>
    <p>
      To have one of them done, follow{' '}
      <a href={paths.helpPage('submitting-a-service-request')}>Submitting a Service Request</a>.
    </p>
  </>
)

const Matrix = ({ facts }: { facts: HelpFacts }) => (
  <>
    {/* A frame that scrolls has to be reached by keyboard. */}
    <section class="table-frame" aria-label="Supported Requests Matrix table" tabindex={0}>
      <table class="table matrix">
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Non-Production</th>
            <th scope="col">Production</th>
          </tr>
        </thead>
        <tbody>
          {facts.actions.map(action => (
            <tr>
              <th scope="row">{action.name}</th>
              <td>yes</td>
              <td>{onProduction[action.production]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    {facts.actions
      .filter(action => action.description !== '')
      .map(action => (
        <>
          <h2>{action.name}</h2>
          <p>{action.description}</p>
        </>
      ))}
  </>
)
