import { Hono } from 'hono'
import { PersonHistoryPage } from '../../views/admin/person-history.tsx'
import { personHistory } from '../audit/audit-list.ts'
import type { AppEnv } from '../http/env.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { findPerson } from '../people/queries.ts'

export const personHistoryRoutes = () =>
  new Hono<AppEnv>().get('/admin/persons/:id/history', async c => {
    const { db } = c.var.deps
    const person = await findPerson(db, c.req.param('id'))
    if (!person) return notFoundPage(c)
    const query = queryOf(c)
    const list = await personHistory(db, person.id, query)
    return c.html(
      <PersonHistoryPage
        chrome={await chromeOf(c, 'admin-persons')}
        person={person}
        rows={list.rows}
        page={pageLinks(list, query, place => paths.adminPersonHistory(person.id, place))}
      />,
    )
  })
