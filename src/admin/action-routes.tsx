import { Hono } from 'hono'
import { ActionPage, NewActionPage } from '../../views/admin/action-page.tsx'
import { type ActionRow, ActionsPage } from '../../views/admin/actions-page.tsx'
import { adminCrumbs } from '../../views/admin/admin-crumb.ts'
import { rowAct, withRowAct } from '../../views/admin/row-fields.ts'
import { ConfirmPage } from '../../views/ui/confirm-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { actionList, assetsOffering, findAction } from '../assets/action-queries.ts'
import { changeAction, createAction, setActionStatus } from '../assets/actions.ts'
import { historyOf } from '../audit/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { actionValues, readAction, readNewAction } from './action-form.ts'
import { AnyFields, answerAct, answerForm, type FormStatus } from './answer.ts'

export const actionRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminActions(), async c => {
      const actions = await actionList(c.var.deps.db)
      const rows = actions.map(
        (action): ActionRow => ({
          ...action,
          products: JSON.parse(action.products) as string[],
          fields: (JSON.parse(action.fields) as unknown[]).length,
        }),
      )
      return c.html(<ActionsPage chrome={await chromeOf(c, 'admin-actions')} rows={rows} />)
    })
    .get(paths.adminAction('new'), async c =>
      newPage(c, {
        values: (await takeKeptForm(c))?.values ?? { mode: 'exclusive', production: 'no' },
        errors: {},
      }),
    )
    .post(paths.adminAction('new'), async c => {
      const form = await parseForm(c, AnyFields)
      const act = rowAct(form.values)
      if (act) return newPage(c, { values: withRowAct(form.values, act, 'name'), errors: {} })
      const read = readNewAction(form.values)
      if (!form.ok || !read.ok) return newPage(c, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const result = await createAction(c.var.deps, c.var.actor, read.id, read.facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => newPage(c, state, status),
        id => ({
          path: paths.adminAction(id),
          said: `${read.facts.name} was created. Choose on each asset which runbook performs it.`,
        }),
      )
    })
    .get('/admin/actions/:id', async c => recordPage(c, c.req.param('id'), null))
    .post('/admin/actions/:id', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, AnyFields)
      const act = rowAct(form.values)
      if (act) return recordPage(c, id, { values: withRowAct(form.values, act, 'name'), errors: {} })
      const read = readAction(form.values)
      if (!form.ok || !read.ok)
        return recordPage(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const result = await changeAction(c.var.deps, c.var.actor, id, read.facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => recordPage(c, id, state, status),
        () => ({ path: paths.adminAction(id), said: `${read.facts.name} was saved.` }),
      )
    })
    .get('/admin/actions/:id/withdraw', async c => withdrawPage(c, c.req.param('id')))
    .post('/admin/actions/:id/withdraw', async c => {
      const id = c.req.param('id')
      const result = await setActionStatus(c.var.deps, c.var.actor, id, 'WITHDRAWN')
      return answerAct(c, result, paths.adminAction(id), () => 'The action is withdrawn and offered nowhere.')
    })
    .post('/admin/actions/:id/offer', async c => {
      const id = c.req.param('id')
      const result = await setActionStatus(c.var.deps, c.var.actor, id, 'ACTIVE')
      return answerAct(c, result, paths.adminAction(id), () => 'The action is offered again.')
    })

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(<NewActionPage chrome={await chromeOf(c, 'admin-actions')} form={form} />, status)

async function recordPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const action = await findAction(db, id)
  if (!action) return notFoundPage(c)
  const values = (await takeKeptForm(c))?.values ?? actionValues(action)
  return c.html(
    <ActionPage
      chrome={await chromeOf(c, 'admin-actions')}
      action={action}
      form={form ?? { values, errors: {} }}
      assets={await assetsOffering(db, id)}
      history={await historyOf(db, 'action', id)}
    />,
    status,
  )
}

async function withdrawPage(c: Ctx, id: string) {
  const action = await findAction(c.var.deps.db, id)
  if (!action) return notFoundPage(c)
  return c.html(
    <ConfirmPage
      chrome={await chromeOf(c, 'admin-actions')}
      title={`Withdraw ${action.name}?`}
      crumbs={[...adminCrumbs.actions, { label: action.name, href: paths.adminAction(id) }]}
      what={
        <p>
          It is offered nowhere any more. Requests that are saved can’t be queued, and those that are queued
          fail when their turn comes, with this as the reason. Running ones go on. You can offer it again at
          any time.
        </p>
      }
      action={paths.adminActionEvent(id, 'withdraw')}
      confirm="Withdraw"
      danger
      cancelHref={paths.adminAction(id)}
    />,
  )
}
