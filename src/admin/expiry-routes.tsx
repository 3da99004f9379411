import { Hono } from 'hono'
import { ExpiryPage } from '../../views/admin/expiry-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { endpointOf, expiryCsv, resetOf } from './expiry-csv.ts'
import { byDay, type Month, monthOf } from './expiry-month.ts'
import { endingCertificates, endingPasswords, passwordEnds, passwordEndsByWeek } from './expiry-queries.ts'
import { comingWeeks } from './expiry-weeks.ts'

export const expiryRoutes = () =>
  new Hono<AppEnv>().get(paths.adminExpiry(), page).get(paths.adminExpiryCsv(), c => {
    const { query, month } = askedOf(c)
    const csv = expiryCsv(c.var.deps.db, searchOf(query, month), query.sort)
    return textDownload(c, csv, `expiry-${month.word}.csv`, 'text/csv')
  })

type Query = ReturnType<typeof queryOf>

function askedOf(c: Ctx): { query: Query; month: Month } {
  const query = queryOf(c)
  return { query, month: monthOf(query.month, c.var.actor.timeZone ?? 'UTC', c.var.deps.clock.now()) }
}

/** Of the whole month, or of the one day that was pressed. */
const searchOf = (query: Query, month: Month) => {
  const day = month.days.find(({ word }) => word === query.day)
  const { customer, asset } = query
  return { from: day?.from ?? month.from, to: day?.to ?? month.to, customer, asset }
}

async function page(c: Ctx) {
  const { db } = c.var.deps
  const { query, month } = askedOf(c)
  const whole = { from: month.from, to: month.to, customer: query.customer, asset: query.asset }
  const search = searchOf(query, month)
  const list = await endingPasswords(db, search, query)
  const certificates = await endingCertificates(db, whole)
  const counts = await passwordEnds(db, whole)
  const weeks = comingWeeks(month.zone, c.var.deps.clock.now())
  return c.html(
    <ExpiryPage
      chrome={await chromeOf(c, 'admin-expiry')}
      month={month}
      weeks={await passwordEndsByWeek(db, weeks, { customer: query.customer, asset: query.asset })}
      day={month.days.find(({ word }) => word === query.day) ?? null}
      passwords={byDay(month.days, counts, one => one.expires_at)}
      certificatesByDay={byDay(month.days, certificates, one => one.expiresAt)}
      rows={list.rows.map(row => ({ ...row, ...endpointOf(row), resetAt: resetOf(row) }))}
      certificates={certificates.filter(({ expiresAt }) => expiresAt >= search.from && expiresAt < search.to)}
      query={{ ...query, month: month.word }}
      page={pageLinks(list, query, paths.adminExpiry)}
    />,
  )
}
