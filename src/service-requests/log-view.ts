import type { Row } from '../../db/schema.ts'
import type { LogPart, LogPlace, LogStepView, RunLogProps } from '../../views/service-requests/run-log.tsx'
import { findLines, type LogLine, logExtent, readLines } from '../automation/run-log.ts'
import { latestRun, stepsOfRun } from '../automation/runs.ts'
import type { Deps } from '../deps.ts'
import { paths } from '../paths.ts'
import type { ServiceRequest } from './find-request.ts'
import { isLive } from './service-request-states.ts'

const LINES_A_PAGE = 1000
const TAIL = 500

type Run = Row<'runs'>

/** What is asked of the log: a line to begin with, or words to find. */
export interface LogQuery {
  from?: number
  find?: string
}

export const logPlace = (requestId: number): LogPlace => ({
  name: `service request ${requestId}`,
  href: query => paths.serviceRequestLog(requestId, query),
})

/** The run's log as the tab shows it: steps, and one page of lines. */
export async function runLogView(
  deps: Deps,
  request: ServiceRequest,
  query: LogQuery,
): Promise<Omit<RunLogProps, 'chrome'>> {
  return logView(
    deps,
    {
      run: await latestRun(deps.db, request.id),
      place: logPlace(request.id),
      running: isLive(request.status),
      stream: paths.serviceRequestLogStream(request.id),
      download: paths.serviceRequestLogDownload(request.id),
    },
    query,
  )
}

interface ShownRun {
  run: Run | undefined
  place: LogPlace
  /** It may still write. */
  running: boolean
  /** Where its further lines come from; absent: the page is asked for again. */
  stream?: string
  download: string
}

/** The log of any run. */
export async function logView(
  deps: Deps,
  { run, place, running, stream, download }: ShownRun,
  query: LogQuery,
): Promise<Omit<RunLogProps, 'chrome'>> {
  const steps = run ? await stepViews(deps, run) : []
  const { lines } = run ? await logExtent(deps.db, run.id) : { lines: 0 }
  const live = running && query.from === undefined && query.find === undefined
  const page = run ? await readPage(deps, run, query, lines, live) : []
  const last = page.at(-1)
  return {
    place,
    attempt: run?.attempt ?? 1,
    running,
    steps,
    parts: withHeadings(page, steps),
    page: pageOf(place, page, lines),
    stream: live && stream !== undefined ? `${stream}?after=${placeIn(run, last?.n ?? 0)}` : undefined,
    download: lines > 0 ? download : undefined,
    firstError: firstError(place, steps, lines),
    find: query.find ?? '',
    found: run && query.find ? await found(deps, run, place, query.find) : null,
  }
}

const placeIn = (run: Run | undefined, line: number) => (run ? `${run.id}.${line}` : '0.0')

/** Steps with what is known of them now. */
export async function stepViews(deps: Deps, run: Pick<Run, 'id'>): Promise<LogStepView[]> {
  const steps = await stepsOfRun(deps.db, run.id)
  return steps.map(step => ({
    id: step.id,
    name: step.phase === 'on-failure' ? `${step.name} (on failure)` : step.name,
    state: step.state,
    command: step.command,
    message: step.message,
    exitStatus: step.exit_status,
    durationMs: step.started_at
      ? Date.parse(step.finished_at ?? deps.clock.now().toISOString()) - Date.parse(step.started_at)
      : null,
    firstLine: step.first_line,
  }))
}

/** Each step heads its own lines; `before` is the step of the line just before these. */
export function withHeadings(
  lines: readonly LogLine[],
  steps: readonly LogStepView[],
  before: number | null = null,
): LogPart[] {
  let heading = before
  return lines.flatMap(line => {
    const step = line.step === heading ? undefined : steps.find(s => s.id === line.step)
    if (line.step !== null) heading = line.step
    return [...(step ? [{ kind: 'step', step } as const] : []), { kind: 'line', line } as const]
  })
}

const lineAddress = (place: LogPlace, line: number) => `${place.href({ from: pageStart(line) })}#L${line}`

const pageStart = (line: number) => Math.floor((line - 1) / LINES_A_PAGE) * LINES_A_PAGE + 1

function readPage(deps: Deps, run: Run, { from }: LogQuery, lines: number, live: boolean) {
  if (live) return readLines(deps.db, deps.config, run.id, { tail: TAIL })
  const start = from ?? pageStart(Math.max(1, lines))
  return readLines(deps.db, deps.config, run.id, { from: start, limit: LINES_A_PAGE })
}

function pageOf(place: LogPlace, shown: readonly LogLine[], total: number): RunLogProps['page'] {
  const first = shown[0]?.n ?? 0
  const last = shown.at(-1)?.n ?? 0
  const at = (line: number) => place.href({ from: pageStart(line) })
  return {
    from: first,
    to: last,
    total,
    previous: first > 1 ? at(first - 1) : null,
    next: last > 0 && last < total ? at(last + 1) : null,
  }
}

/** Where the step that failed ends: there stands why. */
function firstError(place: LogPlace, steps: readonly LogStepView[], lines: number): string | undefined {
  const at = steps.findIndex(step => ['failed', 'aborted', 'unknown'].includes(step.state))
  const broken = steps[at]
  if (!broken?.firstLine) return undefined
  const next = steps.slice(at + 1).find(step => (step.firstLine ?? 0) > (broken.firstLine ?? 0))
  return lineAddress(place, Math.max(broken.firstLine, (next?.firstLine ?? lines + 1) - 1))
}

async function found(deps: Deps, run: Run, place: LogPlace, words: string): Promise<RunLogProps['found']> {
  const { lines, next } = await findLines(deps.db, run.id, words, { limit: 100 })
  return {
    more: next !== null,
    lines: lines.map(line => ({ number: line.n, text: line.text, href: lineAddress(place, line.n) })),
  }
}
