import { Hono } from 'hono'
import { ForgottenPage, LinkSentPage } from '../../views/auth/forgotten-page.tsx'
import { SignInPage } from '../../views/auth/sign-in-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import { record } from '../audit/record.ts'
import { dropCookie } from '../http/cookies.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { bringsFormBack } from '../http/kept-forms.ts'
import { localPath } from '../http/local-path.ts'
import { chromeOf, leave, problem } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { requestNewPassword } from './forgotten-password.ts'
import { ForgottenForm, SignInForm } from './forms.ts'
import { identifyRoutes } from './identify-routes.tsx'
import { linkRoutes } from './link-routes.tsx'
import { hasOpenId } from './openid.ts'
import { openIdRoutes } from './openid-routes.ts'
import { blankSessionCookie, endSessionOfCookie, tellStreams } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { giveCookie, visitOf } from './visit.ts'

export const authRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.signIn(), c => {
      const returnTo = localPath(c.req.query('return_to'))
      return c.var.session ? leave(c, returnTo) : signInPage(c, emptyForm, 200, returnTo)
    })
    .post(paths.signIn(), async c => {
      const form = await parseForm(c, SignInForm)
      const returnTo = localPath(form.values.return_to)
      if (!form.ok) return signInPage(c, form, 422, returnTo)
      const result = await signIn(c.var.deps, form.value.login_id, form.value.password, visitOf(c))
      if (!result.ok && result.problem.kind === 'forbidden')
        return signInPage(c, { values: form.values, errors: { '': result.problem.message } }, 403, returnTo)
      if (!result.ok) return problem(c, result.problem)
      giveCookie(c, result.value)
      dropCookie(c, 'visitor')
      return leave(c, returnTo)
    })
    .post(paths.signOut(), async c => {
      await signOut(c)
      return leave(c, paths.signIn())
    })
    .get(paths.forgotten(), async c => c.html(<ForgottenPage chrome={await chromeOf(c)} form={emptyForm} />))
    .post(paths.forgotten(), async c => {
      const form = await parseForm(c, ForgottenForm)
      if (!form.ok) return c.html(<ForgottenPage chrome={await chromeOf(c)} form={form} />, 422)
      const result = await requestNewPassword(c.var.deps, form.value.login_id, visitOf(c))
      if (!result.ok) return problem(c, result.problem)
      return c.html(<LinkSentPage chrome={await chromeOf(c)} />)
    })
    .route('/', identifyRoutes())
    .route('/', openIdRoutes())
    .route('/', linkRoutes())

async function signInPage(c: Ctx, form: FormState, status: 200 | 403 | 422, returnTo: string) {
  const { deps } = c.var
  const provider = hasOpenId(deps) ? deps.config.OIDC_NAME : null
  const page = { chrome: await chromeOf(c), form, returnTo, provider, formKept: bringsFormBack(returnTo) }
  return c.html(<SignInPage {...page} />, status)
}

async function signOut(c: Ctx) {
  const { deps, session, requestId } = c.var
  if (session)
    await deps.db.transaction().execute(async tx => {
      await endSessionOfCookie(tx, deps, c.req.header('cookie') ?? '')
      const subject = { type: 'person', id: session.personId } as const
      await record(tx, deps.clock, c.var.actor, 'person signed out', subject, {}, requestId)
    })
  // Open streams of this person look again whether they may go on.
  if (session) tellStreams(deps, session.personId)
  giveCookie(c, blankSessionCookie(deps))
}
