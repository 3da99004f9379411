import type { LogLine as Line } from '../../src/automation/run-log.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Log, LogGap, LogLine, LogStep } from '../ui/log.tsx'
import { type PageOf, Pager } from '../ui/pager.tsx'
import { type Status, StatusBadge } from '../ui/status-badge.tsx'
import { duration } from '../ui/time.tsx'

export interface LogStepView {
  id: number
  name: string
  state: Status
  command: string
  message: string
  exitStatus: number | null
  durationMs: number | null
  firstLine: number | null
}

export type LogPart = { kind: 'step'; step: LogStepView } | { kind: 'line'; line: Line }

/** Whose log it is, and where it stands. */
export interface LogPlace {
  /** "service request 2261" */
  name: string
  href(query?: { from?: number; find?: string }): string
}

export interface RunLogProps {
  chrome: Chrome
  place: LogPlace
  attempt: number
  running: boolean
  steps: readonly LogStepView[]
  parts: readonly LogPart[]
  page: PageOf
  stream: string | undefined
  download: string | undefined
  firstError: string | undefined
  find: string
  found: { more: boolean; lines: readonly { number: number; text: string; href: string }[] } | null
}

/** What the run did: its steps, and their output line by line. */
export const RunLog = (props: RunLogProps) => (
  <section aria-labelledby="run-log-title">
    <h2 id="run-log-title">{props.attempt > 1 ? `Run, attempt ${props.attempt}` : 'Run'}</h2>
    <RunSteps {...props} />
    {(isCut(props.page) || props.found) && <FindInLog {...props} />}
    {props.found && <Found {...props} found={props.found} />}
    {isCut(props.page) && <Pager page={props.page} of="the log" />}
    <Log
      label={`Log of ${props.place.name}`}
      stream={props.stream}
      download={props.download}
      refresh={props.running ? props.place.href() : undefined}
      firstError={props.firstError}
    >
      <LogParts parts={props.parts} chrome={props.chrome} />
    </Log>
  </section>
)

/** There is more of it than the page shows. */
const isCut = ({ from, to, total }: PageOf) => total > to - from + 1

/** Replaced by the stream when a step begins or ends. */
export const RunSteps = ({ place, steps }: Pick<RunLogProps, 'place' | 'steps'>) => (
  <div id="run-steps">
    {steps.length === 0 ? (
      <p>Nothing has run yet.</p>
    ) : (
      <ol class="run-steps" aria-label="Steps">
        {steps.map(step => (
          <li>
            <StatusBadge status={step.state} />{' '}
            {step.firstLine ? (
              <a href={`${place.href({ from: step.firstLine })}#L${step.firstLine}`}>{step.name}</a>
            ) : (
              step.name
            )}{' '}
            <span class="soft">{factsOf(step)}</span>
          </li>
        ))}
      </ol>
    )}
  </div>
)

export const LogParts = ({ parts, chrome }: { parts: readonly LogPart[]; chrome: Chrome }) => (
  <>
    {parts.map(part =>
      part.kind === 'step' ? <StepHeading step={part.step} /> : <OneLine {...part} chrome={chrome} />,
    )}
  </>
)

export const StepHeading = ({ step }: { step: LogStepView }) => (
  <LogStep id={`step-${step.id}`} name={step.name} state={step.state} detail={factsOf(step)} />
)

const OneLine = ({ line, chrome }: { line: Line; chrome: Chrome }) =>
  line.omitted ? (
    <LogGap>{line.text}</LogGap>
  ) : (
    <LogLine
      zone={zoneOf(chrome)}
      line={{
        number: line.n,
        at: line.at,
        stream: line.stream === 'info' ? 'portal' : line.stream,
        text: line.text,
      }}
    />
  )

const factsOf = ({ state, durationMs, exitStatus, message }: LogStepView) =>
  [
    durationMs === null
      ? ''
      : state !== 'running' && durationMs < 10_000
        ? tenths(durationMs)
        : duration(durationMs),
    exitStatus === null || /exit status/i.test(message) ? '' : `exit status ${exitStatus}`,
    message,
  ]
    .filter(Boolean)
    .join(', ')

/** Most steps are short: as the log itself says it. */
const tenths = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`

const FindInLog = ({ place, find }: RunLogProps) => (
  <form class="find-in-log" method="get" action={place.href()} data-tidy>
    <label for="find-in-log">Find in the whole log</label>{' '}
    <input type="search" id="find-in-log" name="find" value={find} autocomplete="off" />{' '}
    <Button icon="search">Find</Button>
  </form>
)

const Found = ({ found, find }: RunLogProps & { found: NonNullable<RunLogProps['found']> }) => (
  <div role="status">
    <p>
      {found.lines.length === 0
        ? `No line contains “${find}”.`
        : `${found.more ? 'The first ' : ''}${found.lines.length} ${found.lines.length === 1 ? 'line contains' : 'lines contain'} “${find}”:`}
    </p>
    <ol class="found-lines">
      {found.lines.map(line => (
        <li>
          <a href={line.href}>{line.number}</a> <code>{line.text.slice(0, 300)}</code>
        </li>
      ))}
    </ol>
  </div>
)
