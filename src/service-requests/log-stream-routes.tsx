import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { RequestStatus } from '../../db/schema.ts'
import type { Chrome } from '../../views/layout/chrome.ts'
import {
  type Changeable,
  LogChanges,
  LogEvents,
  RecordChanges,
} from '../../views/service-requests/live-changes.tsx'
import { LogParts } from '../../views/service-requests/run-log.tsx'
import { openSessions, sessionsTopic } from '../auth/sessions.ts'
import { readLines } from '../automation/run-log.ts'
import { latestRun } from '../automation/runs.ts'
import type { Ctx } from '../http/env.ts'
import { chromeOf, notFoundPage, problem } from '../http/respond.ts'
import { topicOf } from './change-request.ts'
import { findVisibleRequest, requestNumber, type VisibleRequest } from './find-request.ts'
import { logPlace, stepViews, withHeadings } from './log-view.ts'
import { communicationsOf } from './queries.ts'
import { frameView, recordView, supportCaseFor } from './record-view.ts'
import { isLive } from './service-request-states.ts'

/** Also how often rights and session are looked at again while nothing happens. */
const HEARTBEAT_MS = 15_000
const LINES_A_MESSAGE = 500
/** A person has some tabs, not hundreds; each stream is a connection, and looks at the request at every change. */
const MOST_STREAMS = 50
const openStreams = new Map<string, number>()

/**
 * One server-sent stream a page. Each message appends lines and replaces what has changed; its id says how far one is,
 * so that a browser that comes back goes on from there. It ends with the request, the session or the process.
 */
export async function logStream(c: Ctx) {
  const id = requestNumber(c.req.param('id') ?? '') ?? 0
  if (!(await findVisibleRequest(c.var.deps.db, c.var.actor, id))) return notFoundPage(c)
  // Nobody reads it, and it would wait for its reader for ever.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
  if ((openStreams.get(c.var.actor.id) ?? 0) >= MOST_STREAMS) return problem(c, tooManyStreams)
  const chrome = await chromeOf(c)
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, out => counted(c.var.actor.id, () => follow(c, chrome, id, out)))
}

const tooManyStreams = {
  kind: 'too_many',
  message: `You have ${MOST_STREAMS} live pages open. Close some of them, then open this one again.`,
  retryAfterSeconds: 60,
} as const

async function counted(personId: string, work: () => Promise<void>) {
  openStreams.set(personId, (openStreams.get(personId) ?? 0) + 1)
  try {
    await work()
  } finally {
    const left = (openStreams.get(personId) ?? 1) - 1
    if (left > 0) openStreams.set(personId, left)
    else openStreams.delete(personId)
  }
}

/** How far a page is: the run, its last line, the step above it; and what it shows besides. */
interface Place {
  run: number
  line: number
  step: number | null
  shown: Map<string, string>
  status: RequestStatus | null
}

async function follow(c: Ctx, chrome: Chrome, id: number, out: SSEStreamingApi) {
  const { deps } = c.var
  const place = await placeFrom(c, c.req.header('last-event-id') ?? c.req.query('after'))
  const heard = listener(deps.stopping, out)
  const topics = [topicOf(id), sessionsTopic(c.var.actor.id)]
  const listening = topics.map(topic => deps.listen(topic, heard.call))
  try {
    while (!out.aborted && !deps.stopping.aborted) {
      const visible = await stillVisible(c, id)
      if (!visible) break
      const more = await send(c, chrome, visible, place, out)
      if (!more && !isLive(visible.request.status)) break
      if (!more && (await heard.within(HEARTBEAT_MS)) === 'silence') await out.write(': still here\n\n')
    }
    // A stopping process lets the browser come back, to the one that follows.
    if (!out.aborted && !deps.stopping.aborted) await out.writeSSE({ event: 'end', data: '' })
  } finally {
    for (const stop of listening) stop()
    heard.close()
  }
}

/** The session is live and its person may see the request: both can change while the stream is open. */
async function stillVisible(c: Ctx, id: number): Promise<VisibleRequest | undefined> {
  const { deps, session, actor } = c.var
  const sessions = session ? await openSessions(deps, session.personId) : []
  if (!sessions.some(open => open.idHash === session?.idHash)) return undefined
  const person = await deps.db
    .selectFrom('persons')
    .select(['role', 'status', 'managing_customer_id'])
    .where('id', '=', actor.id)
    .executeTakeFirst()
  if (person?.status !== 'ACTIVE') return undefined
  // What is drawn from now on is for who they are by now.
  c.set('actor', { ...actor, role: person.role, managingCustomerId: person.managing_customer_id })
  return findVisibleRequest(deps.db, c.var.actor, id)
}

/** One message with what is new; true when there is more to be read at once. */
async function send(
  c: Ctx,
  chrome: Chrome,
  visible: VisibleRequest,
  place: Place,
  out: SSEStreamingApi,
): Promise<boolean> {
  const withLines = c.req.query('lines') !== 'no'
  const news = withLines ? await newLines(c, chrome, visible, place) : { html: '', more: false }
  const changes = await changed(c, chrome, visible, place, withLines)
  const html = news.html + changes
  if (html !== '') await out.writeSSE({ id: `${place.run}.${place.line}`, data: html })
  return news.more
}

async function newLines(c: Ctx, chrome: Chrome, { request }: VisibleRequest, place: Place) {
  const { deps } = c.var
  const run = await latestRun(deps.db, request.id)
  if (!run) return { html: '', more: false }
  // Another attempt begins its lines anew.
  if (run.id !== place.run) Object.assign(place, { run: run.id, line: 0, step: null })
  const lines = await readLines(deps.db, deps.config, run.id, {
    from: place.line + 1,
    limit: LINES_A_MESSAGE,
  })
  const last = lines.at(-1)
  if (!last) return { html: '', more: false }
  const parts = withHeadings(lines, await stepViews(deps, run), place.step)
  const step = [...lines].reverse().find(line => line.step !== null)?.step ?? place.step
  Object.assign(place, { line: last.n + (last.omitted ?? 1) - 1, step })
  return {
    html: String(<LogParts parts={parts} chrome={chrome} />),
    more: lines.length === LINES_A_MESSAGE,
  }
}

/** The parts of the page that look different from what was sent last. */
async function changed(
  c: Ctx,
  chrome: Chrome,
  visible: VisibleRequest,
  place: Place,
  withLines: boolean,
): Promise<string> {
  const parts = withLines
    ? await logParts(c, chrome, visible, place)
    : RecordChanges({ chrome, ...(await recordView(c.var.deps, c.var.actor, visible)), form: null })
  const drawn = parts.map(({ target, part }) => ({ target, html: String(part) }))
  return drawn
    .filter(({ target, html }) => isNew(place, target, html))
    .map(({ target, html }) => partial(target, html))
    .join('')
}

async function logParts(
  c: Ctx,
  chrome: Chrome,
  visible: VisibleRequest,
  place: Place,
): Promise<Changeable[]> {
  const { deps, actor } = c.var
  const { request } = visible
  const run = await latestRun(deps.db, request.id)
  const steps = run ? await stepViews(deps, run) : []
  const parts = LogChanges({ chrome, ...frameView(actor, visible), place: logPlace(request.id), steps })
  if (place.status === request.status) return parts
  place.status = request.status
  const communications = await communicationsOf(deps.db, request.id, actor)
  return [
    ...parts,
    ...LogEvents({ chrome, communications, supportCase: await supportCaseFor(deps, request) }),
  ]
}

function isNew({ shown }: Place, target: string, html: string): boolean {
  if (shown.get(target) === html) return false
  shown.set(target, html)
  return true
}

const partial = (target: string, html: string) =>
  `<hx-partial hx-target="#${target}" hx-swap="outerHTML">${html}</hx-partial>`

/** The step above the last line shown is known by that line: it is not headed twice. */
async function placeFrom(c: Ctx, word: string | undefined): Promise<Place> {
  const { db, config } = c.var.deps
  const [run = 0, line = 0] =
    /^(\d{1,15})\.(\d{1,15})$/
      .exec(word ?? '')
      ?.slice(1)
      .map(Number) ?? []
  const [last] = line > 0 ? await readLines(db, config, run, { from: line, limit: 1 }) : []
  return { run, line, step: last?.step ?? null, shown: new Map(), status: null }
}

/** Remembers being called between two waits; several calls are one. */
function listener(stopping: AbortSignal, out: SSEStreamingApi) {
  let called = false
  let wake: (() => void) | undefined
  const call = () => {
    called = true
    wake?.()
  }
  stopping.addEventListener('abort', call)
  out.onAbort(call)
  return {
    call,
    within: (ms: number) =>
      new Promise<'call' | 'silence'>(resolve => {
        const done = (how: 'call' | 'silence') => {
          clearTimeout(timer)
          wake = undefined
          called = false
          resolve(how)
        }
        const timer = setTimeout(() => done('silence'), ms)
        wake = () => done('call')
        if (called) wake()
      }),
    close: () => stopping.removeEventListener('abort', call),
  }
}
