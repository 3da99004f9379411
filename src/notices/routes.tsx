import { Hono } from 'hono'
import { NoticePage } from '../../views/notices/notice-page.tsx'
import { nowInstant } from '../clock.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { numberOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { markViewed } from './notices.ts'
import { findVisibleNotice } from './queries.ts'

export const noticeRoutes = () =>
  new Hono<AppEnv>()
    .get('/notices/:id', signedIn, async c => {
      const { deps, actor } = c.var
      const notice = await findVisibleNotice(deps.db, actor, nowInstant(deps.clock), idOf(c))
      if (!notice) return notFoundPage(c)
      return c.html(<NoticePage chrome={await chromeOf(c, 'start-center')} notice={notice} />)
    })
    .post('/notices/:id', signedIn, async c => {
      const id = idOf(c)
      const result = await markViewed(c.var.deps, c.var.actor, id)
      return result.ok
        ? seeOther(c, paths.home(), 'The post is marked as viewed.')
        : problem(c, result.problem)
    })

const idOf = (c: Ctx) => numberOf(c.req.param('id')) ?? 0
