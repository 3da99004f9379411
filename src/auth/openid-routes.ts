import { Hono } from 'hono'
import { dropCookie, readCookie, writeCookie } from '../http/cookies.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { localPath } from '../http/local-path.ts'
import { messagePage, notFoundPage } from '../http/respond.ts'
import { seal, unseal } from '../http/signing.ts'
import { paths } from '../paths.ts'
import { identifyByIdentity, signInByIdentity } from './identities.ts'
import { finishOpenId, flowLasts, hasOpenId, type OpenIdFlow, startOpenId } from './openid.ts'
import { ProviderError } from './openid-provider.ts'
import { giveCookie, visitOf } from './visit.ts'

/** Sign-in through an OpenID Connect provider: there, and back. */
export const openIdRoutes = () =>
  new Hono<AppEnv>()
    .use(`${paths.signInOpenId()}/*`, async (c, next) => (hasOpenId(c.var.deps) ? next() : notFoundPage(c)))
    .get(paths.signInOpenId(), async c => {
      const returnTo = localPath(c.req.query('return_to'))
      const identify = c.req.query('identify') === 'yes' && c.var.session
      if (c.var.session && !identify) return c.redirect(returnTo, 303)
      return orExplain(c, async () => {
        const session = identify ? (c.var.session?.idHash ?? null) : null
        const { url, flow } = await startOpenId(c.var.deps, { returnTo, session })
        writeCookie(c, 'openid', await seal(c.var.deps, 'openid', JSON.stringify(flow)), flowLasts)
        return c.redirect(url.href, 303)
      })
    })
    .get(paths.signInOpenIdCallback(), async c => {
      const flow = await takeFlow(c)
      if (!flow)
        return refused(c, 'This answer belongs to no sign-in that was begun in this browser just now.')
      return orExplain(c, () => finish(c, flow))
    })

async function finish(c: Ctx, flow: OpenIdFlow) {
  const { deps, session, requestId } = c.var
  const claims = await finishOpenId(deps, flow, new URL(c.req.url).searchParams)
  if (flow.session !== null) {
    if (session?.idHash !== flow.session) return refused(c, 'Your session ended meanwhile.')
    const result = await identifyByIdentity(deps, session, claims, requestId)
    return result.ok ? c.redirect(localPath(flow.returnTo), 303) : refused(c, result.problem.message ?? '')
  }
  const result = await signInByIdentity(deps, claims, visitOf(c))
  if (!result.ok) return refused(c, result.problem.message ?? '')
  giveCookie(c, result.value)
  dropCookie(c, 'visitor')
  return c.redirect(localPath(flow.returnTo), 303)
}

/** The answer can be brought back once. */
async function takeFlow(c: Ctx): Promise<OpenIdFlow | null> {
  const text = await unseal(c.var.deps, 'openid', readCookie(c, 'openid'))
  dropCookie(c, 'openid')
  return text === null ? null : (JSON.parse(text) as OpenIdFlow)
}

/** What a provider does wrong is for the log; the person learns that it did not work and what else does. */
async function orExplain(c: Ctx, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    c.var.deps.log.warn({ err: error, requestId: c.var.requestId }, 'sign-in through the provider failed')
    return refused(c, 'The answer of the provider could not be accepted.')
  }
}

const refused = (c: Ctx, why: string) =>
  messagePage(c, 403, {
    title: 'Sign-in did not work',
    lines: [why, 'Try again, or sign in with Login ID and password.'],
    next: { href: paths.signIn(), label: 'Back to sign-in' },
  })
