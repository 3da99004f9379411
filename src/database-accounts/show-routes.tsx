import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv, Ctx } from '../http/env.ts'
import { readFields } from '../http/forms.ts'
import { isFragment } from '../http/fragment.ts'
import { identifiedRecently, operatorsIdentified, signedIn } from '../http/guards.ts'
import { problem } from '../http/respond.ts'
import { paths } from '../paths.ts'
import type { Result } from '../result.ts'
import { backToPage, drawAccount, readSentAccount } from './account-answer.tsx'
import { readAccountAct, showCertificateField, showPasswordField } from './account-fields.ts'
import { showCertificate } from './show-certificate.ts'
import { showPassword } from './show-password.ts'

const showPath = paths.showAccount(':person', ':id').replaceAll('%3A', ':')

/** Show Database Password? and Show Database SSL Certificate?: to the owner, on the answer of a POST and nowhere else. */
export const showAccountRoutes = () =>
  new Hono<AppEnv>()
    .get(showPath, signedIn, backToPage)
    .post(showPath, signedIn, operatorsIdentified(), secretsIdentified, show)

/** Hiding them again needs no proof. */
const secretsIdentified = createMiddleware<AppEnv>(async (c, next) => {
  const { password, certificate } = await wantedBy(c)
  return password || certificate ? identifiedRecently(c, next) : next()
})

/** The boxes that are ticked; where a box itself has sent the form, it alone. */
async function wantedBy(c: Ctx): Promise<{ password: boolean; certificate: boolean }> {
  const fields = await readFields(c)
  const id = Number(c.req.param('id'))
  const ticked = (name: string) => fields[name]?.at(-1) === 'yes'
  const act = readAccountAct(fields.do?.at(-1))?.act
  return {
    password: act !== 'show-certificate' && ticked(showPasswordField(id)),
    certificate: act !== 'show-password' && ticked(showCertificateField(id)),
  }
}

async function show(c: Ctx) {
  const sent = await readSentAccount(c)
  if (sent instanceof Response) return sent
  const { deps, actor } = c.var
  const accessId = sent.access.id
  const wanted = await wantedBy(c)
  const password = wanted.password ? await showPassword(deps, actor, accessId) : null
  const certificate = wanted.certificate ? await showCertificate(deps, actor, accessId) : null
  const errors: Record<string, string> = {}
  for (const [field, result] of [
    [showPasswordField(accessId), password],
    [showCertificateField(accessId), certificate],
  ] as const) {
    if (!result || result.ok) continue
    if (result.problem.kind !== 'conflict') return problem(c, result.problem)
    errors[field] = result.problem.message
  }
  c.header('Cache-Control', 'no-store')
  const wrong = Object.keys(errors).length > 0
  return drawAccount(c, sent, {
    account: { accessId, password: shownOf(password), certificate: shownOf(certificate), choices: [] },
    ...(wrong && { errors, status: isFragment(c) ? 422 : 409 }),
  })
}

const shownOf = <T,>(result: Result<T> | null): T | null => (result?.ok ? result.value : null)
