import { Hono } from 'hono'
import type { Row } from '../../db/schema.ts'
import { adminCrumbs } from '../../views/admin/admin-crumb.ts'
import { NoticeFormPage, NoticesPage } from '../../views/admin/notices-page.tsx'
import { ConfirmPage } from '../../views/ui/confirm-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { nowInstant } from '../clock.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { instantOfWall, wallOfInstant } from '../notices/expiration.ts'
import { changeNotice, type NoticeFacts, postNotice, removeNotice } from '../notices/notices.ts'
import { allNotices, findNotice } from '../notices/queries.ts'
import { paths } from '../paths.ts'
import { someCustomers } from '../people/customer-queries.ts'
import type { FieldErrors } from '../result.ts'
import { answerAct, answerForm, type FormStatus } from './answer.ts'
import { NoticeForm } from './forms.ts'

export const noticeAdminRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminNotices(), async c => {
      const { db, clock } = c.var.deps
      const rows = await allNotices(db)
      return c.html(
        <NoticesPage chrome={await chromeOf(c, 'admin-notices')} rows={rows} now={nowInstant(clock)} />,
      )
    })
    .get(paths.adminNotice('new'), async c =>
      formPage(c, null, { values: (await takeKeptForm(c))?.values ?? {}, errors: {} }),
    )
    .post(paths.adminNotice('new'), async c => {
      const { form, facts, errors } = await readNotice(c)
      if (!facts) return formPage(c, null, withErrors(form, errors), 422)
      const result = await postNotice(c.var.deps, c.var.actor, facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => formPage(c, null, state, status),
        () => ({ path: paths.adminNotices(), said: `“${facts.subject}” stands on the Bulletin Board now.` }),
      )
    })
    .get('/admin/notices/:id', async c => {
      const notice = await noticeOf(c)
      if (!notice) return notFoundPage(c)
      const values = (await takeKeptForm(c))?.values ?? valuesOf(c, notice)
      return formPage(c, notice, { values, errors: {} })
    })
    .post('/admin/notices/:id', async c => {
      const notice = await noticeOf(c)
      if (!notice) return notFoundPage(c)
      const { form, facts, errors } = await readNotice(c)
      if (!facts) return formPage(c, notice, withErrors(form, errors), 422)
      const result = await changeNotice(c.var.deps, c.var.actor, notice.id, facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => formPage(c, notice, state, status),
        () => ({ path: paths.adminNotices(), said: `“${facts.subject}” was saved.` }),
      )
    })
    .get('/admin/notices/:id/remove', removePage)
    .post('/admin/notices/:id/remove', async c => {
      const result = await removeNotice(c.var.deps, c.var.actor, numberOf(c.req.param('id')) ?? 0)
      return answerAct(c, result, paths.adminNotices(), subject => `“${subject}” was removed.`)
    })

async function noticeOf(c: Ctx) {
  const id = numberOf(c.req.param('id'))
  return id === undefined ? undefined : findNotice(c.var.deps.db, id)
}

const zoneOf = (c: Ctx) => c.var.actor.timeZone ?? 'UTC'

const valuesOf = (c: Ctx, notice: Row<'notices'>) => ({
  subject: notice.subject,
  message: notice.message,
  customer_id: notice.customer_id ?? '',
  expires_at: notice.expires_at ? wallOfInstant(notice.expires_at, zoneOf(c)) : '',
})

async function readNotice(
  c: Ctx,
): Promise<{ form: Pick<FormState, 'values'>; facts: NoticeFacts | null; errors: FieldErrors }> {
  const form = await parseForm(c, NoticeForm)
  if (!form.ok) return { form, facts: null, errors: form.errors }
  const typed = form.value.expires_at
  const expires_at = typed === '' ? null : instantOfWall(typed, zoneOf(c))
  if (expires_at === undefined)
    return {
      form,
      facts: null,
      errors: { expires_at: 'This is no date and time. Write it like 2026-03-29T18:00.' },
    }
  return { form, facts: { ...form.value, expires_at }, errors: {} }
}

const formPage = async (c: Ctx, notice: Row<'notices'> | null, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NoticeFormPage
      chrome={await chromeOf(c, 'admin-notices')}
      form={form}
      notice={notice}
      customers={await someCustomers(c.var.deps.db)}
    />,
    status,
  )

async function removePage(c: Ctx) {
  const notice = await noticeOf(c)
  if (!notice) return notFoundPage(c)
  return c.html(
    <ConfirmPage
      chrome={await chromeOf(c, 'admin-notices')}
      title={`Remove “${notice.subject}”?`}
      crumbs={[...adminCrumbs.notices, { label: notice.subject, href: paths.adminNotice(notice.id) }]}
      what={<p>Nobody sees the post any more. It can’t be brought back; the audit trail keeps its text.</p>}
      action={paths.adminNoticeRemove(notice.id)}
      confirm="Remove"
      danger
      cancelHref={paths.adminNotice(notice.id)}
    />,
  )
}
