import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { openDatabase } from '../../db/open.ts'
import type { Config } from '../../src/config.ts'

const columns = [
  'id',
  'asset_id',
  'summary',
  'reported_by_name',
  'reported_at',
  'requested_start',
  'status',
] as const
const heads = [
  'Service Request',
  'Asset',
  'Summary',
  'Reported By',
  'Reported Date',
  'Requested Start',
  'Status',
]

type Cells = Record<(typeof columns)[number], string | number | null>

/** What the list is measured against: one indexed query and its rows in JSX, and the same bytes without either. */
export async function serveBare(config: Config): Promise<number> {
  const { db } = await openDatabase(config)
  const newest = db.selectFrom('service_requests').select(columns).orderBy('id', 'desc').limit(20)
  const app = new Hono()
    .get('/customer/:id', async c =>
      c.html(<Bare rows={await newest.where('customer_id', '=', c.req.param('id')).execute()} />),
    )
    .get('/all', async c => c.html(<Bare rows={await newest.execute()} />))
    .get('/bytes/:count', c => c.html(ofSize(Number(c.req.param('count')))))
  return new Promise(resolve => {
    serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(port))
  })
}

const Bare = ({ rows }: { rows: readonly Cells[] }) =>
  html`<!doctype html>${(
    <html lang="en">
      <head>
        <title>Service Requests</title>
      </head>
      <body>
        <table>
          <thead>
            <tr>
              {heads.map(head => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr>
                {columns.map(column => (
                  <td>{row[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </body>
    </html>
  )}`

const answers = new Map<number, string>()
function ofSize(count: number): string {
  const answer = answers.get(count) ?? 'x'.repeat(count)
  answers.set(count, answer)
  return answer
}
