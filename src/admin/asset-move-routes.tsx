import { Hono } from 'hono'
import { z } from 'zod'
import { MoveAssetPage, RetireAssetPage } from '../../views/admin/asset-move.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { accessTypes } from '../access/access-types.ts'
import { moveAsset } from '../assets/move-asset.ts'
import { retireAsset } from '../assets/retire-asset.ts'
import { type OpenOnAsset, openOnAsset, type Settled, shownOf } from '../assets/take-away-asset.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { someCustomers } from '../people/customer-queries.ts'
import { namesOf } from '../people/names.ts'
import { answerForm, type FormStatus } from './answer.ts'
import { upperId } from './fields.ts'

const Shown = z.object({ shown: z.string().default('') })
const Move = Shown.extend({
  from: z.string().default(''),
  customer_id: upperId('the id of a customer', '10000', 20),
})

export const assetMoveRoutes = () =>
  new Hono<AppEnv>()
    .get('/admin/assets/:id/retire', async c => retirePage(c, c.req.param('id'), null))
    .post('/admin/assets/:id/retire', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, Shown)
      if (!form.ok) return retirePage(c, id, form, 422)
      const result = await retireAsset(c.var.deps, c.var.actor, id, form.value.shown)
      return answerForm(
        c,
        form,
        result,
        (state, status) => retirePage(c, id, state, status),
        settled => ({
          path: paths.adminAsset(id),
          said: `${id} is RETIRED. ${settledWords(settled)}`.trim(),
        }),
      )
    })
    .get('/admin/assets/:id/move', async c => movePage(c, c.req.param('id'), null))
    .post('/admin/assets/:id/move', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, Move)
      if (!form.ok) return movePage(c, id, form, 422)
      const { customer_id, shown, from } = form.value
      const result = await moveAsset(c.var.deps, c.var.actor, id, customer_id, shown, from)
      return answerForm(
        c,
        form,
        result,
        (state, status) => movePage(c, id, state, status),
        settled => ({
          path: paths.adminAsset(id),
          said: `${id} belongs to customer ${customer_id} now. ${settledWords(settled)}`.trim(),
        }),
      )
    })

async function retirePage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const open = await openOnAsset(c.var.deps.db, id)
  if (!open) return notFoundPage(c)
  // A page drawn twice for one press: the second finds nothing left to retire.
  if (open.asset.status === 'RETIRED' && form === null) return c.redirect(paths.adminAsset(id), 303)
  return c.html(<RetireAssetPage {...(await pageOf(c, open))} form={form ?? (await keptOf(c))} />, status)
}

async function movePage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const open = await openOnAsset(c.var.deps.db, id)
  if (!open) return notFoundPage(c)
  return c.html(
    <MoveAssetPage
      {...(await pageOf(c, open))}
      form={form ?? (await keptOf(c))}
      customers={await someCustomers(c.var.deps.db)}
    />,
    status,
  )
}

async function pageOf(c: Ctx, open: OpenOnAsset) {
  const { db } = c.var.deps
  const persons = [
    ...open.requests.map(request => request.reported_by),
    ...open.accesses.map(access => access.person_id),
  ]
  const types = await accessTypes(db)
  return {
    chrome: await chromeOf(c, 'admin-assets'),
    open,
    shown: shownOf(open),
    names: await namesOf(db, persons),
    types: new Map(types.map(type => [type.id, type])),
  }
}

const keptOf = async (c: Ctx): Promise<FormState> => ({
  values: (await takeKeptForm(c))?.values ?? {},
  errors: {},
})

function settledWords({ requests, accesses }: Settled): string {
  const parts = [
    ...(requests > 0
      ? [`${requests} service ${requests === 1 ? 'request was' : 'requests were'} cancelled.`]
      : []),
    ...(accesses > 0 ? [`${accesses} ${accesses === 1 ? 'access ends' : 'accesses end'}.`] : []),
  ]
  return parts.join(' ')
}
