import { Hono } from 'hono'
import { CampaignPage } from '../../views/admin/campaign-page.tsx'
import { CampaignProofPage } from '../../views/admin/campaign-proof-page.tsx'
import { CampaignsPage, campaignCrumbs, NewCampaignPage } from '../../views/admin/campaigns-page.tsx'
import { ConfirmPage } from '../../views/ui/confirm-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { answerAct, answerForm, type FormStatus } from '../admin/answer.ts'
import { historyOf } from '../audit/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { actsIdentified, operatorsOnly } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { someCustomers } from '../people/customer-queries.ts'
import { readSettings } from '../settings/settings.ts'
import { proofCsv } from './campaign-csv.ts'
import { CampaignForm, proposedCampaign, readCampaign } from './campaign-forms.ts'
import { customersProgress, itemsOf, partList, progressOf } from './campaign-part-queries.ts'
import { campaignList, findVisibleCampaign, type VisibleCampaign } from './campaign-queries.ts'
import { closeCampaign, startCampaign } from './campaigns.ts'

/** As long as a printed sheet may be before one turns it. */
const PROOF_PAGE = 100

/** Re-validation campaigns, for operators. */
export const campaignRoutes = () =>
  new Hono<AppEnv>()
    .use('/admin/campaigns', operatorsOnly)
    .use('/admin/campaigns/*', operatorsOnly, actsIdentified)
    .get(paths.adminCampaigns(), listPage)
    .get(paths.adminCampaign('new'), async c =>
      newPage(c, { values: (await takeKeptForm(c))?.values ?? (await proposed(c)), errors: {} }),
    )
    .post(paths.adminCampaign('new'), start)
    .get('/admin/campaigns/:id', progressPage)
    .get('/admin/campaigns/:id/proof', proofPage)
    .get('/admin/campaigns/:id/proof.csv', async c => {
      const campaign = await campaignOf(c)
      if (!campaign) return notFoundPage(c)
      const csv = proofCsv(c.var.deps.db, { campaignId: campaign.id, customerId: null }, c.var.actor)
      return textDownload(c, csv, `re-validation-${campaign.id}.csv`, 'text/csv')
    })
    .get('/admin/campaigns/:id/close', closePage)
    .post('/admin/campaigns/:id/close', async c => {
      const id = numberOf(c.req.param('id')) ?? 0
      const result = await closeCampaign(c.var.deps, c.var.actor, id)
      return answerAct(c, result, paths.adminCampaign(id), campaign => `“${campaign.name}” is closed.`)
    })

async function campaignOf(c: Ctx): Promise<VisibleCampaign | undefined> {
  const id = numberOf(c.req.param('id'))
  return id === undefined ? undefined : findVisibleCampaign(c.var.deps.db, c.var.actor, id)
}

async function listPage(c: Ctx) {
  const query = queryOf(c)
  const list = await campaignList(c.var.deps.db, query)
  return c.html(
    <CampaignsPage
      chrome={await chromeOf(c, 'admin-campaigns')}
      rows={list.rows}
      page={pageLinks(list, query, paths.adminCampaigns)}
    />,
  )
}

const zoneOfActor = (c: Ctx) => c.var.actor.timeZone ?? 'UTC'

const proposed = async (c: Ctx) =>
  proposedCampaign(await readSettings(c.var.deps.db), c.var.deps.clock.now(), zoneOfActor(c))

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NewCampaignPage
      chrome={await chromeOf(c, 'admin-campaigns')}
      form={form}
      customers={await someCustomers(c.var.deps.db)}
    />,
    status,
  )

async function start(c: Ctx) {
  const form = await parseForm(c, CampaignForm)
  if (!form.ok) return newPage(c, form, 422)
  const { wanted, errors } = readCampaign(form.value, zoneOfActor(c))
  if (!wanted) return newPage(c, withErrors(form, errors), 422)
  const result = await startCampaign(c.var.deps, c.var.actor, wanted)
  return answerForm(
    c,
    form,
    result,
    (state, status) => newPage(c, state, status),
    id => ({
      path: paths.adminCampaign(id),
      said: `“${wanted.name}” has begun. It is being prepared: everybody concerned gets a mail.`,
    }),
  )
}

async function progressPage(c: Ctx) {
  const campaign = await campaignOf(c)
  if (!campaign) return notFoundPage(c)
  const { db } = c.var.deps
  const query = queryOf(c)
  const list = await customersProgress(db, campaign.id, query, query)
  return c.html(
    <CampaignPage
      chrome={await chromeOf(c, 'admin-campaigns')}
      campaign={campaign}
      progress={await progressOf(db, { campaignId: campaign.id, customerId: null })}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, q => paths.adminCampaign(campaign.id, q))}
      history={await historyOf(db, 'campaign', campaign.id)}
    />,
  )
}

async function proofPage(c: Ctx) {
  const campaign = await campaignOf(c)
  if (!campaign) return notFoundPage(c)
  const { db } = c.var.deps
  const query = queryOf(c)
  const scope = { campaignId: campaign.id, customerId: null }
  const list = await partList(db, scope, query, query, PROOF_PAGE)
  const items = await itemsOf(
    db,
    list.rows.map(part => part.id),
  )
  return c.html(
    <CampaignProofPage
      chrome={await chromeOf(c, 'admin-campaigns')}
      campaign={campaign}
      viewer={c.var.actor}
      progress={await progressOf(db, scope)}
      rows={list.rows}
      items={items}
      query={query}
      page={pageLinks(list, query, q => paths.adminCampaignProof(campaign.id, q))}
    />,
  )
}

async function closePage(c: Ctx) {
  const campaign = await campaignOf(c)
  if (!campaign) return notFoundPage(c)
  return c.html(
    <ConfirmPage
      chrome={await chromeOf(c, 'admin-campaigns')}
      title={`Close “${campaign.name}”?`}
      crumbs={[...campaignCrumbs, { label: campaign.name, href: paths.adminCampaign(campaign.id) }]}
      what={
        <p>
          Nobody is asked, reminded, suspended or removed any more. Accesses that nobody has confirmed stay as
          they are now and count as not answered; those that are suspended can still be given back by
          confirming them. It can’t be opened again.
        </p>
      }
      action={paths.adminCampaignClose(campaign.id)}
      confirm="Close re-validation"
      danger
      cancelHref={paths.adminCampaign(campaign.id)}
    />,
  )
}
