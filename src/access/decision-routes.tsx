import { Hono } from 'hono'
import { DecisionPage } from '../../views/access/decision-page.tsx'
import { SignInPage } from '../../views/auth/sign-in-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import { AnyFields } from '../admin/answer.ts'
import { type DecisionLink, findDecisionLink } from '../auth/decision-links.ts'
import { hasOpenId } from '../auth/openid.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { operatorsIdentified } from '../http/guards.ts'
import { noReferrer } from '../http/headers.ts'
import { chromeOf, messagePage, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import { type FieldErrors, statusOf } from '../result.ts'
import { approvalsByNumber, type ListedApproval } from './approvals-queries.ts'
import type { Access } from './change-access.ts'
import { decide, type Refusal } from './decide.ts'
import { changedWords, decidedWords, isUndecided, notYours } from './decided-words.ts'
import { formAgain, readDecisions } from './decision-form.ts'
import { findVisibleAccess } from './find-access.ts'

/** The link of a mail: looking changes nothing, sending the form decides and uses the link up. */
export const decisionRoutes = () =>
  new Hono<AppEnv>()
    .use('/decision/*', noReferrer)
    .get('/decision/:token', async c => {
      if (!c.var.session) return signInFirst(c)
      const opened = await open(c)
      if (opened instanceof Response) return opened
      if (opened.link.state !== 'open') return noLongerOpen(c, opened)
      return decisionPage(c, opened.row, emptyForm, 200, c.req.path)
    })
    .post('/decision/:token', operatorsIdentified(), async c => (c.var.session ? save(c) : signInFirst(c)))

/** On this very page: the link is carried in no other address on the way. */
async function signInFirst(c: Ctx) {
  const { deps } = c.var
  const provider = hasOpenId(deps) ? deps.config.OIDC_NAME : null
  const page = { chrome: await chromeOf(c), form: emptyForm, returnTo: c.req.path, provider, formKept: false }
  // The Start Center says what waits for a decision.
  return c.html(<SignInPage {...page} providerReturnTo={paths.home()} />)
}

interface Opened {
  link: DecisionLink
  access: Access
  row: ListedApproval
}

/** What the link is about, if it waits for this person; else the page that says why not. */
async function open(c: Ctx): Promise<Opened | Response> {
  const { deps, actor } = c.var
  const link = await findDecisionLink(deps.db, deps, c.req.param('token') ?? '')
  if (!link) return unknownLink(c)
  if (link.personId !== actor.id) return othersLink(c)
  const found = await findVisibleAccess(deps.db, deps, actor, link.accessId)
  const [row] = await approvalsByNumber(deps.db, actor, [link.accessId])
  if (!found || !row) return notFoundPage(c, 'You don’t decide about this access request any more.')
  if (!isUndecided(found.access)) return alreadyDecided(c, found.access)
  if (!can(actor, 'access.approve', found.subject))
    return problem(c, { kind: 'forbidden', message: notYours })
  return { link, access: found.access, row }
}

async function save(c: Ctx) {
  const opened = await open(c)
  if (opened instanceof Response) return opened
  const { link, access, row } = opened
  const form = await parseForm(c, AnyFields)
  const { values } = form
  if (link.state !== 'open') return goOnElsewhere(c, row, values, new Map(), await whyNotOpen(c, opened))
  const { decisions, errors } = readDecisions(values)
  const decision = decisions.find(one => one.accessId === access.id)
  const wrong: FieldErrors = { ...form.errors, ...errors }
  if (!decision || Object.keys(wrong).length > 0)
    return decisionPage(c, row, { values, errors: wrong }, 422, c.req.path)
  const result = await decide(c.var.deps, c.var.actor, [decision], c.req.param('token'))
  if (result.ok)
    return seeOther(c, paths.approvals(c.var.actor.id), `Saved: ${nameOf(row)} is ${decision.disposition}.`)
  return refused(c, row, values, result.problem, result.refusals)
}

async function refused(
  c: Ctx,
  row: ListedApproval,
  values: FormState['values'],
  found: Parameters<typeof problem>[1],
  refusals: ReadonlyMap<number, Refusal>,
) {
  if (found.kind === 'invalid') return decisionPage(c, row, { values, errors: found.fields }, 422, c.req.path)
  if (found.kind !== 'conflict') return problem(c, found)
  // Somebody was quicker: look again.
  const now = await open(c)
  if (now instanceof Response) return now
  if (now.link.state !== 'open') return goOnElsewhere(c, now.row, values, refusals, await whyNotOpen(c, now))
  const form = formAgain(values, { '': found.message }, refusals, [now.row])
  return decisionPage(c, now.row, form, statusOf.conflict, c.req.path)
}

/** The link is void and the request still waits: the form decides as on Access Approvals, by what is shown now. */
function goOnElsewhere(
  c: Ctx,
  row: ListedApproval,
  values: FormState['values'],
  refusals: ReadonlyMap<number, Refusal>,
  why: string,
) {
  const errors = { '': `${why} Nothing was decided. You can decide here all the same, by what it is now.` }
  const form = formAgain(values, errors, refusals, [row])
  return decisionPage(c, row, form, statusOf.conflict, paths.approvals(c.var.actor.id))
}

const decisionPage = async (
  c: Ctx,
  row: ListedApproval,
  form: FormState,
  status: 200 | 409 | 422,
  action: string,
) =>
  c.html(
    <DecisionPage chrome={await chromeOf(c)} viewer={c.var.actor} row={row} form={form} action={action} />,
    status,
  )

const nameOf = (row: ListedApproval) => `${row.person_id}, ${row.asset_id}, ${row.type_name}`

const toApprovals = (c: Ctx) =>
  can(c.var.actor, 'approvals.use')
    ? { next: { href: paths.approvals(c.var.actor.id), label: 'Access Approvals' } }
    : {}

const unknownLink = (c: Ctx) =>
  messagePage(c, 404, {
    title: 'This link can’t be used',
    lines: [
      'It was never sent, or so long ago that nothing is known of it any more.',
      'What waits for your decision stands in Access Approvals.',
    ],
    ...toApprovals(c),
  })

const othersLink = (c: Ctx) =>
  messagePage(c, 404, {
    title: 'This link is somebody else’s',
    lines: [
      'It was mailed to another person and works for them alone, signed in as themselves. Nothing was changed.',
      'What waits for your own decision stands in Access Approvals.',
    ],
    ...toApprovals(c),
  })

const alreadyDecided = async (c: Ctx, access: Access) =>
  messagePage(c, 410, {
    title: 'This request waits for nobody any more',
    lines: [await decidedWords(c.var.deps.db, c.var.actor, access)],
    ...toApprovals(c),
  })

const noLongerOpen = async (c: Ctx, opened: Opened) =>
  messagePage(c, 410, {
    title: 'This link can’t be used any more',
    lines: [await whyNotOpen(c, opened), 'The request still waits: decide about it in Access Approvals.'],
    ...toApprovals(c),
  })

async function whyNotOpen(c: Ctx, { link, access }: Opened): Promise<string> {
  if (link.state === 'expired') return 'The link has expired.'
  if (access.edited_at === null || access.edited_at < link.issuedAt)
    return 'A newer mail about the same request has replaced the link.'
  return `${await changedWords(c.var.deps.db, c.var.actor, access)} The link was sent before that.`
}
