import { Hono } from 'hono'
import { ConfirmEmailPage, LinkPage, SetUpPage } from '../../views/auth/link-pages.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { noReferrer } from '../http/headers.ts'
import { chromeOf, messagePage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { confirmEmail } from '../people/email-change.ts'
import { NewPasswordForm, SetUpForm } from './forms.ts'
import { findLink, type OpenLink, setPasswordByLink } from './links.ts'
import { setUp } from './set-up.ts'

/** Mailed single-use links: looking changes nothing, sending the form uses the link up. */
export const linkRoutes = () =>
  new Hono<AppEnv>()
    .use('/link/*', noReferrer)
    .get('/link/:token', async c => {
      const link = await findLink(c.var.deps.db, c.var.deps, c.req.param('token'))
      return link ? linkPage(c, link, emptyForm, 200) : spent(c)
    })
    .post('/link/:token', async c => {
      const token = c.req.param('token')
      const link = await findLink(c.var.deps.db, c.var.deps, token)
      if (!link) return spent(c)
      if (link.purpose === 'confirm-email') return useConfirmation(c, token)
      return link.purpose === 'set-up' ? useSetUp(c, link, token) : usePassword(c, link, token)
    })

async function usePassword(c: Ctx, link: OpenLink, token: string) {
  const form = await parseForm(c, NewPasswordForm)
  if (!form.ok) return linkPage(c, link, form, 422)
  const result = await setPasswordByLink(c.var.deps, token, form.value.password, c.var.requestId)
  if (result.ok) return seeOther(c, paths.signIn(), 'Your password is set. Sign in with it.')
  if (result.problem.kind === 'not_found') return spent(c)
  if (result.problem.kind !== 'invalid') return problem(c, result.problem)
  return linkPage(c, link, withErrors(form, result.problem.fields), 422)
}

/** Works signed out as well: whoever reads mails there has the link. */
async function useConfirmation(c: Ctx, token: string) {
  const result = await confirmEmail(c.var.deps, token, c.var.requestId)
  if (!result.ok) return result.problem.kind === 'not_found' ? spent(c) : problem(c, result.problem)
  const said = `${result.value.email} is confirmed and is the Primary Email from now on.`
  return seeOther(c, c.get('session') ? paths.profile() : paths.signIn(), said)
}

async function useSetUp(c: Ctx, link: OpenLink, token: string) {
  const form = await parseForm(c, SetUpForm)
  if (!form.ok) return linkPage(c, link, form, 422)
  const { password, password_again: _, ...facts } = form.value
  const result = await setUp(c.var.deps, token, facts, password, c.var.requestId)
  if (result.ok) return seeOther(c, paths.signIn(), 'The portal is set up. Sign in as its first operator.')
  if (result.problem.kind !== 'invalid') return spent(c)
  return linkPage(c, link, withErrors(form, result.problem.fields), 422)
}

async function linkPage(c: Ctx, link: OpenLink, form: FormState, status: 200 | 422) {
  const page = { chrome: await chromeOf(c), form, action: c.req.path }
  if (!link.person) return c.html(<SetUpPage {...page} />, status)
  if (link.newEmail !== null)
    return c.html(<ConfirmEmailPage {...page} loginId={link.person.login_id} email={link.newEmail} />, status)
  return c.html(
    <LinkPage {...page} loginId={link.person.login_id} first={link.purpose === 'first-sign-in'} />,
    status,
  )
}

/** Used, expired, replaced by a newer one or never issued: it can't be told which. */
const spent = (c: Ctx) =>
  messagePage(c, 404, {
    title: 'This link can’t be used any more',
    lines: [
      'Each link works once and for a limited time, and a newer one replaces it.',
      'Ask for a new one; it comes by mail to the address the portal has of you.',
    ],
    next: { href: paths.forgotten(), label: 'Get a new link' },
  })
