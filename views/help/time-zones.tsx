import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const TimeZonesHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <p>
      {facts.zone ? (
        <>
          Your time zone is <strong>{facts.zone}</strong>.
        </>
      ) : (
        <>You have not chosen a time zone, so times are shown and meant in UTC.</>
      )}{' '}
      Choose another one on your <a href={paths.profile()}>Profile</a>. It changes how times are shown, not
      when anything runs.
    </p>
    <p>
      Times in lists are short; point at one, or open the record, to see the exact time, its zone and UTC.
    </p>
    <h2>When clocks change</h2>
    <p>
      When clocks go forward, an hour is left out. A Requested Start inside it does not exist: the form says
      so and names the next time that does.
    </p>
    <p>
      When clocks go back, an hour happens twice. The form then asks which one you mean, and shows the
      difference to UTC of both.
    </p>
    <p>
      A request keeps the time as you wrote it. If the rules of its zone are changed after it was queued, the
      written time counts, and you are told by mail.
    </p>
  </>
)
