import type { Row } from '../../db/schema.ts'
import type { LogPart, LogStepView, RunLogProps } from '../../views/service-requests/run-log.tsx'
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

/** The run's log as the tab shows it: steps, and one page of lines. */
export async function runLogView(
  deps: Deps,
  request: ServiceRequest,
  query: LogQuery,
): Promise<Omit<RunLogProps, 'chrome'>> {
  const run = await latestRun(deps.db, request.id)
  const steps = run ? await stepViews(deps, run) : []
  const { lines } = run ? await logExtent(deps.db, run.id) : { lines: 0 }
  const live = isLive(request.status) && query.from === undefined && query.find === undefined
  const page = run ? await readPage(deps, run, query, lines, live) : []
  const last = page.at(-1)
  return {
    requestId: request.id,
    attempt: run?.attempt ?? 1,
    running: isLive(request.status),
    steps,
    parts: withHeadings(page, steps),
    page: pageOf(request.id, page, lines),
    stream: live ? streamFrom(request.id, run, last?.n ?? 0) : undefined,
    download: lines > 0 ? paths.serviceRequestLogDownload(request.id) : undefined,
    firstError: firstError(request.id, steps, lines),
    find: query.find ?? '',
    found: run && query.find ? await found(deps, run, request.id, query.find) : null,
  }
}

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

const lineAddress = (requestId: number, line: number) =>
  `${paths.serviceRequestLog(requestId, { from: pageStart(line) })}#L${line}`

const pageStart = (line: number) => Math.floor((line - 1) / LINES_A_PAGE) * LINES_A_PAGE + 1

function readPage(deps: Deps, run: Run, { from }: LogQuery, lines: number, live: boolean) {
  if (live) return readLines(deps.db, deps.config, run.id, { tail: TAIL })
  const start = from ?? pageStart(Math.max(1, lines))
  return readLines(deps.db, deps.config, run.id, { from: start, limit: LINES_A_PAGE })
}

function pageOf(requestId: number, shown: readonly LogLine[], total: number): RunLogProps['page'] {
  const first = shown[0]?.n ?? 0
  const last = shown.at(-1)?.n ?? 0
  const at = (line: number) => paths.serviceRequestLog(requestId, { from: pageStart(line) })
  return {
    from: first,
    to: last,
    total,
    previous: first > 1 ? at(first - 1) : null,
    next: last > 0 && last < total ? at(last + 1) : null,
  }
}

const streamFrom = (requestId: number, run: Run | undefined, after: number) =>
  `${paths.serviceRequestLogStream(requestId)}?after=${run ? `${run.id}.${after}` : '0.0'}`

/** Where the step that failed ends: there stands why. */
function firstError(requestId: number, steps: readonly LogStepView[], lines: number): string | undefined {
  const at = steps.findIndex(step => ['failed', 'aborted', 'unknown'].includes(step.state))
  const broken = steps[at]
  if (!broken?.firstLine) return undefined
  const next = steps.slice(at + 1).find(step => (step.firstLine ?? 0) > (broken.firstLine ?? 0))
  return lineAddress(requestId, Math.max(broken.firstLine, (next?.firstLine ?? lines + 1) - 1))
}

async function found(deps: Deps, run: Run, requestId: number, words: string): Promise<RunLogProps['found']> {
  const { lines, next } = await findLines(deps.db, run.id, words, { limit: 100 })
  return {
    more: next !== null,
    lines: lines.map(line => ({ number: line.n, text: line.text, href: lineAddress(requestId, line.n) })),
  }
}
