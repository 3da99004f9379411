import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const SubmittingHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <ol>
      <li>
        Sign in with your Login ID and, on the Start Center, press <strong>New Service Request</strong>.
      </li>
      <li>
        <strong>Requested Start</strong>: choose date and time, or leave it empty to have the request run as
        soon as possible. The time is meant in the zone written beside the field
        {facts.zone ? (
          <>
            {' '}
            (yours is <strong>{facts.zone}</strong>)
          </>
        ) : (
          <>
            . If you have not chosen a time zone on your <a href={paths.profile()}>Profile</a>, it is UTC
          </>
        )}
        . See <a href={paths.helpPage('time-zones')}>Time zones</a>.
      </li>
      <li>
        <strong>Target Environment</strong>: type the beginning of its id or description, or press the
        magnifying glass beside the field and choose it from the list.
      </li>
      <li>
        <strong>Requested Action</strong>: type it or choose it in the same way. The list holds what is
        possible on this environment, and says why anything else is not. Some actions then ask for more: fill
        in those fields too.
      </li>
      <li>
        <strong>Summary</strong>: say in a few words why, for those who read the request later.
      </li>
      <li>
        Press <strong>Save</strong>. Then press <strong>Queue Request</strong>.
        <p class="help-note">If the request is not queued it will remain in new state and will not be run.</p>
      </li>
      <li>
        The request moves to INPROG as soon as it is picked up.
        <p class="help-note">Once a request has been picked up for processing it cannot be stopped.</p>
      </li>
    </ol>
    <h2>Until it is picked up</h2>
    <p>
      <strong>Take back</strong> turns a queued request into a new one again, to change it and queue it anew.{' '}
      <strong>Cancel request</strong> ends it for good. You can do both with your own requests; a manager of
      the customer who may submit requests too can do it with all of them.
    </p>
    <h2>When others are before it</h2>
    <p>
      Of the requests that change an environment, one runs at a time. The others wait, and each shows its
      place in the queue and what it waits for. Requests that change nothing run beside them.
    </p>
    <p>
      A request with a Requested Start that has not started within {facts.lateLimit} minutes of it, for
      whatever reason, becomes MISSED and does not run any more: you may be counting on it not to. You get a
      mail, and <strong>Copy to new request</strong> takes everything over into a new one.
    </p>
    <h2>What is queued is what runs</h2>
    <p>
      With Queue Request everything is frozen as it stands, also how the action is done. Whether you still may
      have it done is checked once more when it is picked up.
    </p>
  </>
)
