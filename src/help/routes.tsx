import { Hono } from 'hono'
import { HelpIndexPage, HelpPage } from '../../views/help/help-page.tsx'
import { type GuidePage, guide, type HelpFacts } from '../../views/help/topics.tsx'
import { accessTypes } from '../access/access-types.ts'
import { actionList } from '../assets/action-queries.ts'
import { passwordHint } from '../auth/password-rules.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { actorOrNull } from '../http/session.ts'
import { paths } from '../paths.ts'
import { isOperator } from '../policy.ts'
import { managersOf } from '../service-requests/environments.ts'
import { sightOf } from '../service-requests/visible.ts'

/** The user guide. Open to everybody, since signing in is part of it; what it tells of this portal is not. */
export const helpRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.help(), async c =>
      c.html(<HelpIndexPage chrome={await chromeOf(c, 'help')} topics={guideFor(c)} />),
    )
    .get('/help/:slug', async c => {
      const topics = guideFor(c)
      const topic = topics.find(one => one.slug === c.req.param('slug'))
      if (!topic) return notFoundPage(c)
      return c.html(
        <HelpPage chrome={await chromeOf(c, 'help')} topic={topic} topics={topics}>
          {topic.body(await factsFor(c))}
        </HelpPage>,
      )
    })

function guideFor(c: Ctx): readonly GuidePage[] {
  const actor = actorOrNull(c)
  return guide.filter(page => !page.operators || (actor !== null && isOperator(actor)))
}

async function factsFor(c: Ctx): Promise<HelpFacts> {
  const { db, config } = c.var.deps
  const actor = actorOrNull(c)
  const rules = { lateLimit: config.LATE_LIMIT, passwordHint }
  if (!actor) return { actions: [], accessTypes: [], managers: [], zone: null, ...rules }
  const actions = (await actionList(db)).filter(action => action.status === 'ACTIVE')
  const types = (await accessTypes(db)).filter(type => type.status === 'ACTIVE')
  const sight = await sightOf(db, actor)
  const managers = await managersOf(db, sight === 'all' ? [] : sight)
  return { actions, accessTypes: types, managers, zone: actor.timeZone, ...rules }
}
