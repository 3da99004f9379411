import pg from 'pg'
import { openRecord } from './access-tool.ts'
import { type Agent, signIn } from './agent.ts'
import { type DatabaseWorld, database } from './database-accounts.ts'
import type { ShownPage } from './shown-page.ts'
import { words } from './words.ts'
import { workOff } from './work-off.ts'

/** Manager 01 decides about everything that waits, and the portal does its work. Gives the page that was decided on. */
export async function approveAll(world: DatabaseWorld): Promise<ShownPage> {
  const manager = await signIn(world, 'manager01')
  const approvals = await openRecord(manager, 'manager01@example.com', 'Access Approvals')
  await manager.fillIn(approvals, { Disposition: 'APPROVED' }, 'Save')
  await workOff(world)
  return approvals
}

/** What a page shows to the owner of a database account. */
export const shownPassword = (page: ShownPage): string => words(page.main.querySelector('output'))
export const shownCertificate = (page: ShownPage): string =>
  page.main.querySelector('textarea[readonly]')?.textContent.trim() ?? ''

/** Ticks both boxes and presses Show, as without JavaScript. */
export const showBoth = (agent: Agent, page: ShownPage): Promise<ShownPage> =>
  agent.fillIn(page, { 'Show Database Password?': true, 'Show Database SSL Certificate?': true }, 'Show')

export interface Shown {
  host: string
  port: string
  name: string
  password: string
  certificate: string
}

/** Any client, with nothing but what the page shows; gives what a query says, or why it is refused. */
export async function asClient(shown: Shown, query: string): Promise<unknown> {
  const client = new pg.Client({
    host: shown.host,
    port: Number(shown.port),
    user: shown.name,
    password: shown.password,
    database,
    ssl: { ca: shown.certificate },
  })
  try {
    await client.connect()
    const { rows } = await client.query({ text: query, rowMode: 'array' })
    return rows[0]?.[0] ?? 'done'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await client.end().catch(() => {})
  }
}
