import { Hono } from 'hono'
import { z } from 'zod'
import { RevalidationPage } from '../../views/access/revalidation-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { signedIn } from '../http/guards.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf, messagePage, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { findCustomer } from '../people/customer-queries.ts'
import { can, isOperator } from '../policy.ts'
import { proofCsv } from './campaign-csv.ts'
import { itemsOf, partList, progressOf } from './campaign-part-queries.ts'
import { findVisibleCampaign, recentCampaigns } from './campaign-queries.ts'
import { type Revalidated, revalidate } from './revalidation.ts'
import { readStaged } from './staged-changes.ts'

const PAGE = 50
const RevalidateForm = z.object({ part: z.string('Choose what you re-validate.') })

/** The button of Manage Access, and how far the customer one manages is. */
export const revalidationRoutes = () =>
  new Hono<AppEnv>()
    .post('/security/access-management/:person/access/re-validate', signedIn, press)
    .get(paths.revalidation(), signedIn, progressPage)
    .get('/security/re-validation/:id/proof.csv', signedIn, download)

async function press(c: Ctx) {
  const person = c.req.param('person') ?? ''
  const form = await parseForm(c, RevalidateForm)
  const part = form.ok ? numberOf(form.value.part) : undefined
  const result = await revalidate(c.var.deps, c.var.actor, person, part ?? 0, readStaged(form.values))
  if (result.ok) return seeOther(c, paths.manageAccess(person), confirmedWords(result.value))
  if (result.problem.kind !== 'conflict') return problem(c, result.problem)
  return seeOther(c, paths.manageAccess(person), { kind: 'warning', text: result.problem.message })
}

function confirmedWords({ customerId, confirmed, resumed, again, left }: Revalidated): string {
  const done = again
    ? `Your accesses of customer ${customerId} are re-validated already.`
    : `You have re-validated your ${confirmed === 1 ? 'access' : `${confirmed} accesses`} of customer ${customerId}.`
  const back = resumed > 0 ? ' What was suspended is being given back to you.' : ''
  const more =
    left > 0 ? ` ${left === 1 ? 'Another customer waits' : `${left} more customers wait`} for you.` : ''
  return done + back + more
}

async function progressPage(c: Ctx) {
  const { deps, actor } = c.var
  if (!can(actor, 'campaign.see-progress')) return onlyManagers(c)
  if (isOperator(actor)) return c.redirect(paths.adminCampaigns(), 303)
  const query = queryOf(c)
  const campaigns = await recentCampaigns(deps.db, actor)
  const asked = query.campaign
  const found = asked ? await findVisibleCampaign(deps.db, actor, numberOf(asked) ?? 0) : campaigns[0]
  if (asked && !found) return notFoundPage(c)
  const customerId = actor.managingCustomerId ?? ''
  return c.html(
    <RevalidationPage
      chrome={await chromeOf(c, 'revalidation')}
      viewer={actor}
      customer={(await findCustomer(deps.db, customerId)) ?? { id: customerId, name: '' }}
      campaigns={campaigns}
      shown={found ? await shownOf(c, found.id, customerId) : null}
      campaign={found ?? null}
    />,
  )
}

/** What the manager may see of it: their customer, and nothing of the others. */
async function shownOf(c: Ctx, campaignId: number, customerId: string) {
  const { db } = c.var.deps
  const { customer: _, ...query } = queryOf(c)
  const scope = { campaignId, customerId }
  const list = await partList(db, scope, query, query, PAGE)
  const items = await itemsOf(
    db,
    list.rows.map(part => part.id),
  )
  const page = pageLinks(list, query, paths.revalidation)
  return { progress: await progressOf(db, scope), rows: list.rows, items, query, page }
}

const onlyManagers = (c: Ctx) =>
  messagePage(c, 403, {
    title: 'You may not do this',
    lines: [
      'Only managers and operators see how far a re-validation is. What you have to re-validate yourself stands on your Manage Access page.',
    ],
  })

async function download(c: Ctx) {
  const { deps, actor } = c.var
  if (!can(actor, 'campaign.see-progress')) return onlyManagers(c)
  const campaign = await findVisibleCampaign(deps.db, actor, numberOf(c.req.param('id')) ?? 0)
  if (!campaign) return notFoundPage(c)
  const customerId = isOperator(actor) ? null : actor.managingCustomerId
  const csv = proofCsv(deps.db, { campaignId: campaign.id, customerId }, actor)
  return textDownload(c, csv, `re-validation-${campaign.id}.csv`, 'text/csv')
}
