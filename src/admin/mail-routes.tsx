import { Hono } from 'hono'
import { MailPage } from '../../views/admin/mail-page.tsx'
import { MailsPage } from '../../views/admin/mails-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { identifiedRecently } from '../http/guards.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { readKeptLink, resendMail } from '../mail/mails.ts'
import { findMail, mailList } from '../mail/queries.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { answerAct } from './answer.ts'

export const mailRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminMails(), async c => {
      const { db, config } = c.var.deps
      const query = queryOf(c)
      const list = await mailList(db, query, query)
      return c.html(
        <MailsPage
          chrome={await chromeOf(c, 'admin-mail')}
          rows={list.rows}
          query={query}
          page={pageLinks(list, query, paths.adminMails)}
          sends={config.SMTP_URL !== undefined}
        />,
      )
    })
    // It may show a link that opens somebody's account.
    .get('/admin/mail/:id', identifiedRecently, mailPage)
    .post('/admin/mail/:id/resend', async c => {
      const id = numberOf(c.req.param('id')) ?? 0
      const result = await resendMail(c.var.deps, c.var.actor, id)
      return answerAct(
        c,
        result,
        paths.adminMail(id),
        () => 'The mail is queued and will be sent in a moment.',
      )
    })

async function mailPage(c: Ctx) {
  const { deps, actor } = c.var
  const id = numberOf(c.req.param('id'))
  const found = id === undefined ? undefined : await findMail(deps.db, id)
  if (!found) return notFoundPage(c)
  const { link: _, ...mail } = found
  const mayResend = deps.config.SMTP_URL !== undefined && (mail.state === 'failed' || mail.state === 'kept')
  return c.html(
    <MailPage
      chrome={await chromeOf(c, 'admin-mail')}
      mail={mail}
      link={await readKeptLink(deps, actor, mail.id)}
      mayResend={mayResend}
    />,
  )
}
