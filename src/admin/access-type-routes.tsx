import { Hono } from 'hono'
import { AccessTypePage, NewAccessTypePage } from '../../views/admin/access-type-page.tsx'
import { WithdrawTypePage } from '../../views/admin/access-type-withdraw-page.tsx'
import { AccessTypesPage } from '../../views/admin/access-types-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { countOpenOfType, openByType, someOpenOfType } from '../access/access-type-uses.ts'
import {
  changeAccessType,
  createAccessType,
  seenOf,
  setAccessTypeStatus,
} from '../access/access-type-verbs.ts'
import { type AccessType, accessTypes, findAccessType } from '../access/access-types.ts'
import { historyOf } from '../audit/queries.ts'
import { runbookList } from '../automation/runbook-queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { readNewType, readType, readTypeWords, typeValues } from './access-type-form.ts'
import { AnyFields, answerAct, answerForm, type FormStatus } from './answer.ts'

export const accessTypeRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminAccessTypes(), listPage)
    .get(paths.adminAccessType('new'), async c =>
      newPage(c, {
        values: (await takeKeptForm(c))?.values ?? { scope: 'asset', classes: 'any' },
        errors: {},
      }),
    )
    .post(paths.adminAccessType('new'), create)
    .get('/admin/access-types/:id', async c => recordPage(c, c.req.param('id'), null))
    .post('/admin/access-types/:id', async c => change(c, c.req.param('id')))
    .get('/admin/access-types/:id/withdraw', async c => withdrawPage(c, c.req.param('id')))
    .post('/admin/access-types/:id/withdraw', async c => {
      const id = c.req.param('id')
      const result = await setAccessTypeStatus(c.var.deps, c.var.actor, id, 'WITHDRAWN')
      return answerAct(
        c,
        result,
        paths.adminAccessType(id),
        name => `${name} is withdrawn: nobody can request it. Open accesses stay.`,
      )
    })
    .post('/admin/access-types/:id/offer', async c => {
      const id = c.req.param('id')
      const result = await setAccessTypeStatus(c.var.deps, c.var.actor, id, 'ACTIVE')
      return answerAct(c, result, paths.adminAccessType(id), name => `${name} can be requested again.`)
    })

async function listPage(c: Ctx) {
  const { db } = c.var.deps
  const open = await openByType(db)
  const runbooks = new Map((await runbookList(db)).map(runbook => [runbook.id, runbook.name]))
  const rows = (await accessTypes(db)).map(type => ({
    ...type,
    open: open.get(type.id) ?? 0,
    grantedBy: type.grant_runbook_id === null ? null : (runbooks.get(type.grant_runbook_id) ?? null),
    removedBy: type.removal_runbook_id === null ? null : (runbooks.get(type.removal_runbook_id) ?? null),
  }))
  return c.html(<AccessTypesPage chrome={await chromeOf(c, 'admin-access-types')} rows={rows} />)
}

async function create(c: Ctx) {
  const form = await parseForm(c, AnyFields)
  const read = readNewType(form.values)
  if (!form.ok || !read.ok) return newPage(c, withErrors(form, read.ok ? form.errors : read.errors), 422)
  const result = await createAccessType(c.var.deps, c.var.actor, read.id, read.words, read.rules)
  return answerForm(
    c,
    form,
    result,
    (state, status) => newPage(c, state, status),
    id => ({
      path: paths.adminAccessType(id),
      said: `${read.words.name} was created and can be requested from now on.`,
    }),
  )
}

async function change(c: Ctx, id: string) {
  const form = await parseForm(c, AnyFields)
  const type = await findAccessType(c.var.deps.db, id)
  if (!type) return notFoundPage(c)
  const read =
    type.kind === 'runbook' ? readType(form.values) : { rules: null, ...readTypeWords(form.values) }
  if (!form.ok || !read.ok)
    return recordPage(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
  const { words, rules } = read
  const seen = form.values.seen ?? ''
  const result = await changeAccessType(c.var.deps, c.var.actor, id, seen, words, rules)
  return answerForm(
    c,
    form,
    result,
    (state, status) => recordPage(c, id, state, status),
    () => ({ path: paths.adminAccessType(id), said: `${words.name} was saved.` }),
  )
}

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NewAccessTypePage
      chrome={await chromeOf(c, 'admin-access-types')}
      form={form}
      runbooks={await runbookList(c.var.deps.db)}
    />,
    status,
  )

async function recordPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const type = await findAccessType(db, id)
  if (!type) return notFoundPage(c)
  const values = (await takeKeptForm(c))?.values ?? typeValues(type)
  return c.html(
    <AccessTypePage
      chrome={await chromeOf(c, 'admin-access-types')}
      type={type}
      seen={seenByForm(form, status) ?? seenOf(type)}
      form={form ?? { values, errors: {} }}
      runbooks={await runbookList(db)}
      open={await countOpenOfType(db, id)}
      history={await historyOf(db, 'access-type', id)}
    />,
    status,
  )
}

/** A form that was wrong keeps what it was drawn with; after a conflict the next Save counts. */
const seenByForm = (form: FormState | null, status: FormStatus) =>
  status === 422 ? form?.values.seen : undefined

async function withdrawPage(c: Ctx, id: string) {
  const { db } = c.var.deps
  const type: AccessType | undefined = await findAccessType(db, id)
  if (!type) return notFoundPage(c)
  return c.html(
    <WithdrawTypePage
      chrome={await chromeOf(c, 'admin-access-types')}
      type={type}
      count={await countOpenOfType(db, id)}
      open={await someOpenOfType(db, id)}
    />,
  )
}
