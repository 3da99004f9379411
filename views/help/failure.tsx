import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const FailureHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <h2>FAILED</h2>
    <ol>
      <li>
        Open the request and its tab <strong>Log</strong>. The page leads you to the step that failed and to
        what it said last.
      </li>
      <li>
        If something you filled in was the reason, press <strong>Copy to new request</strong>, correct it,
        save it and queue it.
      </li>
      <li>
        Otherwise go to <strong>Open a support case</strong> on the same page. There stands a text that asks
        to complete the action and says that it was attempted via the self-service portal, with the request’s
        number, the environment, the action, the step and the end of its output. Passwords are taken out of
        it. Send it to the operations team.
      </li>
    </ol>
    <h2>UNKNOWN</h2>
    <p>
      The portal was interrupted while the request ran, for instance because its machine went down. It never
      runs a request a second time by itself, unless that is known to do no harm, so it says what it knows and
      waits. Until then nothing else changes the environment. A manager of the customer, or an operator, looks
      at the environment and then presses <strong>Settle as RESOLVED</strong> or{' '}
      <strong>Settle as FAILED</strong>, with a reason.
    </p>
    <h2>MISSED</h2>
    <p>
      The request could not start within {facts.lateLimit} minutes of its Requested Start: other requests took
      longer than expected, or the portal was down. It was not run. Press <strong>Copy to new request</strong>{' '}
      and choose a new time.
    </p>
    <h2>Before you open a case</h2>
    <p>
      The portal is to be used in lieu of a support case: a case that asks for something you can request here
      is sent back. See <a href={paths.helpPage('supported-requests')}>Supported Requests</a>.
    </p>
  </>
)
