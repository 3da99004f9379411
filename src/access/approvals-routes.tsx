import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ApprovalsPage } from '../../views/access/approvals-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { AnyFields } from '../admin/answer.ts'
import { nowInstant } from '../clock.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { findVisiblePerson } from '../people/visible-person.ts'
import { can } from '../policy.ts'
import { type FieldErrors, statusOf } from '../result.ts'
import { accessTypes } from './access-types.ts'
import { approvalsCsv } from './approvals-csv.ts'
import {
  approvalsByNumber,
  approvalsFor,
  approvalsOfOthers,
  type ListedApproval,
  stillWaiting,
} from './approvals-queries.ts'
import type { Access } from './change-access.ts'
import { type DecideResult, decide, type Refusal } from './decide.ts'
import { whySettled } from './decided-words.ts'
import { dispositions } from './decision-fields.ts'
import { formAgain, readDecisions, type ShownApproval, touchedNumbers } from './decision-form.ts'

/** Access Approvals: a tab of one's own record. */
export const approvalsRoutes = () =>
  new Hono<AppEnv>()
    .get('/security/access-management/:person/approvals', signedIn, async c => {
      const refusal = await whyNot(c)
      if (refusal) return refusal
      const kept = await takeKeptForm(c)
      return approvalsPage(c, kept ? { ...nothingSent, values: kept.values } : nothingSent, 200)
    })
    .get('/security/access-management/:person/approvals.csv', signedIn, async c => {
      const { deps, actor } = c.var
      const query = queryOf(c)
      const csv = approvalsCsv(deps.db, actor, nowInstant(deps.clock), query, query.sort)
      return (await whyNot(c)) ?? textDownload(c, csv, 'access-approvals.csv', 'text/csv')
    })
    .post(
      '/security/access-management/:person/approvals',
      signedIn,
      operatorsIdentified(),
      async c => (await whyNot(c)) ?? save(c),
    )

/** One's own record only, and only who decides about accesses. */
async function whyNot(c: Ctx): Promise<Response | null> {
  const { deps, actor } = c.var
  const id = (c.req.param('person') ?? '').replaceAll('\0', '')
  if (id !== actor.id) {
    if (!(await findVisiblePerson(deps.db, actor, id))) return notFoundPage(c)
    return problem(c, {
      kind: 'forbidden',
      message: `Only ${id} sees what waits for ${id}. Open your own Access Approvals.`,
    })
  }
  if (can(actor, 'approvals.use')) return null
  return problem(c, {
    kind: 'forbidden',
    message: 'Access Approvals are for managers and operators. Ask a manager of your customer to decide.',
  })
}

async function save(c: Ctx): Promise<Response> {
  const { deps, actor } = c.var
  const form = await parseForm(c, AnyFields)
  const { decisions, errors } = readDecisions(form.values)
  const wrong = { ...form.errors, ...errors }
  const { values } = form
  if (Object.keys(wrong).length > 0) return approvalsPage(c, { ...nothingSent, values, errors: wrong }, 422)
  const result = await decide(deps, actor, decisions)
  if (result.ok) return seeOther(c, paths.approvals(actor.id, queryOf(c)), savedWords(result.value))
  return answerRefused(c, values, result)
}

async function answerRefused(
  c: Ctx,
  values: FormState['values'],
  { problem: found, refusals }: Extract<DecideResult, { ok: false }>,
): Promise<Response> {
  if (found.kind === 'invalid')
    return approvalsPage(c, { values, errors: found.fields, refusals }, statusOf.invalid)
  if (found.kind === 'not_found' || refusals.size === 0) return problem(c, found)
  return approvalsPage(c, { values, errors: { '': found.message }, refusals }, statusOf[found.kind])
}

const savedWords = (decided: readonly Access[]) => {
  const words = dispositions.flatMap(word => {
    const count = decided.filter(access => access.decision === word).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  const approved = decided.some(access => access.decision === 'APPROVED')
  return `Saved: ${words.join(', ')}.${approved ? ' What was approved is being provisioned; a mail goes out when it is there.' : ''}`
}

interface Sent {
  values: FormState['values']
  errors: FieldErrors
  refusals: ReadonlyMap<number, Refusal>
}

const nothingSent: Sent = { values: {}, errors: {}, refusals: new Map() }

async function approvalsPage(c: Ctx, sent: Sent, status: ContentfulStatusCode): Promise<Response> {
  const { deps, actor } = c.var
  const now = nowInstant(deps.clock)
  const query = queryOf(c)
  const list = await approvalsFor(deps.db, actor, now, query, query)
  const rows = [...(await touchedElsewhere(c, sent, list.rows)), ...list.rows]
  const person = await findVisiblePerson(deps.db, actor, actor.id)
  if (!person) return notFoundPage(c)
  return c.html(
    <ApprovalsPage
      chrome={await chromeOf(c, 'access-management')}
      viewer={actor}
      person={person.person}
      rows={rows}
      form={formAgain(sent.values, sent.errors, sent.refusals, rows)}
      query={query}
      page={pageLinks(list, query, to => paths.approvals(actor.id, to))}
      accessTypes={(await accessTypes(deps.db)).map(({ id, name }) => ({ value: id, label: name }))}
      others={await approvalsOfOthers(deps.db, actor, now)}
    />,
    status,
  )
}

/** What was filled in is not lost because its request has left this page of the list, or was decided. */
async function touchedElsewhere(
  c: Ctx,
  { values, refusals }: Sent,
  listed: readonly ListedApproval[],
): Promise<ShownApproval[]> {
  const { deps, actor } = c.var
  const ids = touchedNumbers(values).filter(id => !listed.some(row => row.id === id))
  const rows = await approvalsByNumber(deps.db, actor, ids)
  const waiting = await stillWaiting(deps.db, actor, nowInstant(deps.clock), ids)
  return Promise.all(
    rows.map(async row => {
      if (waiting.includes(row.id)) return row
      return { ...row, settled: refusals.get(row.id)?.message ?? (await whySettled(deps.db, actor, row.id)) }
    }),
  )
}
