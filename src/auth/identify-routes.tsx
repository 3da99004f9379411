import { Hono } from 'hono'
import { IdentifyPage } from '../../views/auth/identify-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { signedIn } from '../http/guards.ts'
import { localPath } from '../http/local-path.ts'
import { chromeOf, leave, problem } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { IdentifyForm } from './forms.ts'
import { hasOpenId } from './openid.ts'
import { identify, ownAccount } from './password-change.ts'
import { visitOf } from './visit.ts'

/** Proving again who one is, before what matters most. */
export const identifyRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.identify(), signedIn, c =>
      identifyPage(c, emptyForm, 200, localPath(c.req.query('return_to'))),
    )
    .post(paths.identify(), signedIn, async c => {
      const { deps, session } = c.var
      const form = await parseForm(c, IdentifyForm)
      const returnTo = localPath(form.values.return_to)
      if (!form.ok || !session) return identifyPage(c, form, 422, returnTo)
      const result = await identify(deps, session, form.value.password, visitOf(c))
      if (result.ok) return leave(c, returnTo)
      if (result.problem.kind !== 'invalid') return problem(c, result.problem)
      return identifyPage(c, { values: form.values, errors: result.problem.fields }, 422, returnTo)
    })

async function identifyPage(c: Ctx, form: FormState, status: 200 | 422, returnTo: string) {
  const { deps } = c.var
  const { password_hash } = await ownAccount(deps, c.var.actor.id)
  const page = {
    chrome: await chromeOf(c),
    form,
    returnTo,
    hasPassword: password_hash !== null,
    provider: hasOpenId(deps) ? deps.config.OIDC_NAME : null,
  }
  return c.html(<IdentifyPage {...page} />, status)
}
