import type { Child } from 'hono/jsx'
import type { Instant } from '../../db/schema.ts'
import type { Attrs } from './attrs.ts'
import { Icon } from './icon.tsx'
import { type Status, StatusBadge } from './status-badge.tsx'
import { clockTime, exactTime } from './time.tsx'

export interface LogLineView {
  number: number
  at: Instant
  /** out, err: the program's. portal: what the portal says about it. */
  stream: 'out' | 'err' | 'portal'
  text: string
}

interface LogProps {
  /** Names the region: "Log of service request 2261". */
  label: string
  /**
   * Server-sent stream of further <LogStep> and <LogLine>, while there can be any. Unnamed messages are appended
   * (`<hx-partial hx-target="#…">` in one replaces other parts of the page); the event `end` closes it.
   */
  stream?: string
  download?: string
  /** Without scripts: the same page again. */
  refresh?: string
  /** Where the first failure is: "#L120". */
  firstError?: string
  /** <LogStep> and <LogLine>. */
  children?: Child
}

/** A run's log: numbered, linkable lines; the tail is followed where scripts run. */
export const Log = (props: LogProps) => (
  <section class="log-view" aria-label={props.label}>
    <LogToolbar {...props} />
    <div class="log-frame" data-log-frame {...focusable}>
      <ol class="log" data-log {...streamed(props.stream)}>
        {props.children}
      </ol>
    </div>
  </section>
)

const focusable = { tabindex: 0 }

const streamed = (stream: string | undefined): Attrs =>
  stream ? { 'hx-sse:connect': stream, 'hx-sse:close': 'end', 'hx-swap': 'beforeend' } : {}

const LogToolbar = ({ stream, refresh, download, firstError }: LogProps) => (
  <div class="log-toolbar">
    {stream && (
      <label class="toggle needs-js" hidden={true}>
        <input type="checkbox" data-follow checked autocomplete="off" />
        Follow the end
      </label>
    )}
    <span class="log-find needs-js" hidden={true}>
      <label class="visually-hidden" for="log-find">
        Find in log
      </label>
      <input type="search" id="log-find" placeholder="Find in log" autocomplete="off" data-log-find />
      <output class="log-found" for="log-find" data-log-found />
    </span>
    <output class="soft" data-log-state />
    {firstError && (
      <a class="button button-quiet" href={firstError}>
        First error
      </a>
    )}
    <span class="table-toolbar-end">
      {refresh && (
        <a class="button button-quiet" href={refresh}>
          <Icon name="refresh" />
          Refresh
        </a>
      )}
      {download && (
        <a class="button button-quiet" href={download} download>
          <Icon name="download" />
          Download
        </a>
      )}
    </span>
  </div>
)

export const LogLine = ({ line, zone }: { line: LogLineView; zone: string }) => (
  <li id={`L${line.number}`} class={`log-line log-${line.stream}`}>
    <a class="log-number" href={`#L${line.number}`}>
      {line.number}
    </a>
    <time datetime={line.at} title={exactTime(new Date(line.at), zone)}>
      {clockTime(new Date(line.at), zone)}
    </time>
    <span class="log-stream">{streamWords[line.stream]}</span>
    <span class="log-text">{line.text}</span>
  </li>
)

/** Never by colour alone; what the program says on its standard output needs no word. */
const streamWords = { out: '', err: 'err', portal: 'note' } as const

interface LogStepProps {
  /** What a stream replaces it by, when its state changes. */
  id?: string
  name: string
  state: Status
  /** How long, exit status. */
  detail?: Child
  /** What ran, redacted. */
  command?: string
}

/** Heads the lines of a step; its lines follow it in the list. */
export const LogStep = ({ id, name, state, detail, command }: LogStepProps) => (
  <li class="log-step" id={id}>
    <h2>{name}</h2>
    <StatusBadge status={state} />
    {detail && <span class="log-step-detail">{detail}</span>}
    {command && <code class="log-command">{command}</code>}
  </li>
)

/** Instead of lines that are not shown: how many, and where they are. */
export const LogGap = ({ children }: { children?: Child }) => <li class="log-gap">{children}</li>
