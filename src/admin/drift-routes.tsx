import { Hono } from 'hono'
import { z } from 'zod'
import { DropPage, RemovePage } from '../../views/admin/drift-confirm-pages.tsx'
import { DriftFindingPage } from '../../views/admin/drift-finding-page.tsx'
import { DriftPage } from '../../views/admin/drift-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import {
  assetsWithDatabaseOn,
  comparisons,
  findFinding,
  openFindings,
  settledFindings,
} from '../database-accounts/drift-queries.ts'
import { actOnAccess, adoptOrphan, compareNow, endOrphan } from '../database-accounts/drift-verbs.ts'
import { mayDrop, mayRemove } from '../database-accounts/drift-words.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { answerAct, answerForm, type FormStatus } from './answer.ts'

const mostOpen = 500
const mostSettled = 20

/** The drift report: where portal and database servers say different things about accounts. */
export const driftRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminDrift(), async c => {
      const { db } = c.var.deps
      return c.html(
        <DriftPage
          chrome={await chromeOf(c, 'admin-drift')}
          servers={await comparisons(db)}
          open={await openFindings(db, mostOpen)}
          settled={await settledFindings(db, mostSettled)}
        />,
      )
    })
    .post(paths.adminDrift(), async c => {
      const result = await compareNow(c.var.deps, c.var.actor)
      const said = (count: number) =>
        count === 0
          ? 'There is no database server.'
          : 'The servers are being compared: look again in a moment.'
      return answerAct(c, result, paths.adminDrift(), said)
    })
    .get('/admin/drift/:id', async c => {
      const kept = await takeKeptForm(c)
      return findingPage(c, { values: kept?.values ?? {}, errors: {} })
    })
    .post('/admin/drift/:id/adopt', adopt)
    .get('/admin/drift/:id/:event', confirmPage)
    .post('/admin/drift/:id/:event', act)

const AdoptForm = z.object({
  to: z.string().max(320),
  asset: z.string().max(100),
  justification: z.string().max(4000),
})

async function adopt(c: Ctx) {
  const id = numberIn(c)
  const form = await parseForm(c, AdoptForm)
  if (!form.ok) return findingPage(c, form, 422)
  const result = await adoptOrphan(c.var.deps, c.var.actor, id, form.value)
  return answerForm(
    c,
    form,
    result,
    (state, status) => findingPage(c, state, status),
    said => ({ path: paths.adminDriftFinding(id), said }),
  )
}

async function act(c: Ctx) {
  const id = numberIn(c)
  const { deps, actor } = c.var
  const event = c.req.param('event')
  const said = (text: string) => text
  if (event === 'disable' || event === 'drop')
    return answerAct(c, await endOrphan(deps, actor, id, event), paths.adminDrift(), said)
  if (event === 'suspend' || event === 'resume' || event === 'remove')
    return answerAct(c, await actOnAccess(deps, actor, id, event), paths.adminDriftFinding(id), said)
  return notFoundPage(c)
}

/** Before what can't be taken back; the finding where there is nothing (any more) to do so. */
async function confirmPage(c: Ctx) {
  const finding = await findFinding(c.var.deps.db, numberIn(c))
  if (!finding) return notFoundPage(c)
  const event = c.req.param('event')
  const offered = event === 'drop' ? mayDrop(finding) : event === 'remove' && mayRemove(finding)
  if (!offered) return c.redirect(paths.adminDriftFinding(finding.id), 303)
  const chrome = await chromeOf(c, 'admin-drift')
  return c.html(
    event === 'drop' ? (
      <DropPage chrome={chrome} finding={finding} />
    ) : (
      <RemovePage chrome={chrome} finding={finding} />
    ),
  )
}

const numberIn = (c: Ctx) => numberOf(c.req.param('id')) ?? 0

async function findingPage(c: Ctx, form: FormState, status: FormStatus = 200) {
  const { db } = c.var.deps
  const finding = await findFinding(db, numberIn(c))
  if (!finding) return notFoundPage(c)
  return c.html(
    <DriftFindingPage
      chrome={await chromeOf(c, 'admin-drift')}
      finding={finding}
      assets={await assetsWithDatabaseOn(db, finding.server_id)}
      form={withErrors(form, form.errors)}
    />,
    status,
  )
}
