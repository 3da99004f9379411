import { Hono } from 'hono'
import { LogPage } from '../../views/service-requests/log-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { logText } from '../automation/run-log.ts'
import { latestRun } from '../automation/runs.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import { findVisibleRequest, requestNumber } from './find-request.ts'
import { NoteForm } from './forms.ts'
import { logStream } from './log-stream-routes.tsx'
import { type LogQuery, runLogView } from './log-view.ts'
import { addNote } from './notes.ts'
import { communicationsOf, workLogOf } from './queries.ts'
import { frameView, supportCaseFor } from './record-view.ts'

const record = '/service-requests/:id{[0-9]+}'

export const logRoutes = () =>
  new Hono<AppEnv>()
    .get(`${record}/log`, async c => {
      const kept = await takeKeptForm(c)
      const fresh: FormState | null =
        c.req.query('note') === 'new' ? { values: { viewable: 'yes' }, errors: {} } : null
      return logPage(c, kept ?? fresh)
    })
    .get(`${record}/log.txt`, download)
    .get(`${record}/log/stream`, logStream)
    .post(`${record}/notes`, saveNote)

const find = (c: Ctx) =>
  findVisibleRequest(c.var.deps.db, c.var.actor, requestNumber(c.req.param('id') ?? '') ?? 0)

async function logPage(c: Ctx, note: FormState | null, status: 200 | 422 = 200) {
  const found = await find(c)
  if (!found) return notFoundPage(c)
  const { deps, actor } = c.var
  const { request, subject } = found
  const mayAddNote = can(actor, 'service-request.note', subject)
  const seesHidden = can(actor, 'service-request.see-hidden-notes')
  return c.html(
    <LogPage
      chrome={await chromeOf(c)}
      {...frameView(actor, found)}
      run={await runLogView(deps, request, logQuery(c))}
      notes={await workLogOf(deps.db, request.id, seesHidden)}
      communications={await communicationsOf(deps.db, request.id, actor)}
      supportCase={await supportCaseFor(deps, request)}
      mayAddNote={mayAddNote}
      seesHidden={seesHidden}
      note={mayAddNote ? note : null}
    />,
    status,
  )
}

function logQuery(c: Ctx): LogQuery {
  const from = requestNumber(c.req.query('from') ?? '')
  const words = c.req.query('find')?.replaceAll('\0', '').slice(0, 200)
  return { ...(from !== undefined && { from }), ...(words && { find: words }) }
}

async function download(c: Ctx) {
  const found = await find(c)
  if (!found) return notFoundPage(c)
  const { deps } = c.var
  const run = await latestRun(deps.db, found.request.id)
  if (!run) return notFoundPage(c, 'This request has not run yet, so there is no log to download.')
  const name = `service-request-${found.request.id}.txt`
  return textDownload(c, logText(deps.db, deps.config, run.id), name, 'text/plain')
}

async function saveNote(c: Ctx) {
  const id = requestNumber(c.req.param('id') ?? '') ?? 0
  const form = await parseForm(c, NoteForm)
  if (!form.ok) return logPage(c, form, 422)
  const { deps, actor } = c.var
  const { summary, details, viewable, offers_viewable } = form.value
  const note = { summary, details, viewable: offers_viewable === '' || viewable !== '' }
  const added = await addNote(deps, actor, id, note)
  if (added.ok) return seeOther(c, paths.serviceRequestLog(id), 'Your note is in the Work Log.')
  if (added.problem.kind === 'invalid') return logPage(c, withErrors(form, added.problem.fields), 422)
  return problem(c, added.problem)
}
