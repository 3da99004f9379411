import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueue } from '../../src/jobs/queue.ts'
import { createSignals } from '../../src/jobs/signals.ts'
import { movableClock } from '../support/clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { eventually, jobsOf, signalled, startNode } from '../support/job-nodes.ts'
import { withPostgres } from '../support/postgres-databases.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase('postgres')
})
afterAll(() => database.close())

const clock = movableClock()
const log = pino({ level: 'silent' })
const db = () => database.open.db

async function databaseName(): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db())
  return rows[0]?.name ?? ''
}

async function cutConnections(application: string) {
  const name = await databaseName()
  await withPostgres(admin =>
    admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like $2',
      [name, application],
    ),
  )
}

async function connected(application: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from pg_stat_activity
    where datname = current_database() and application_name = ${application} and query like 'listen%'`.execute(
    db(),
  )
  return Number(rows[0]?.n)
}

test('what one process says every other one hears, and itself only once', async () => {
  const [one, other] = [createSignals(database.open, log), createSignals(database.open, log)]
  await Promise.all([one.ready, other.ready])
  const heard: string[] = []
  const last = signalled()
  one.listen('request:1', () => heard.push('one 1'))
  other.listen('request:1', () => heard.push('other 1'))
  other.listen('request:2', () => heard.push('other 2'))
  other.onWake(() => heard.push('other woken'))
  other.listen('end', last.resolve)
  one.announce('request:1')
  one.wake()
  one.announce('end')
  await last.promise
  expect(heard.toSorted()).toEqual(['one 1', 'other 1', 'other woken'])
  await Promise.all([one.close(), other.close()])
})

test('more topics than fit into one message all arrive', async () => {
  const [one, other] = [createSignals(database.open, log), createSignals(database.open, log)]
  await Promise.all([one.ready, other.ready])
  const heard = new Set<number>()
  for (let i = 0; i < 500; i++) other.listen(`${'a long topic '.repeat(8)}${i}`, () => heard.add(i))
  for (let i = 0; i < 500; i++) one.announce(`${'a long topic '.repeat(8)}${i}`)
  await eventually(async () => heard.size).toBe(500)
  await Promise.all([one.close(), other.close()])
})

test('a cut connection is made anew: everybody looks once, and hears again', async () => {
  const [one, other] = [createSignals(database.open, log), createSignals(database.open, log)]
  await Promise.all([one.ready, other.ready])
  let woken = 0
  other.onWake(() => {
    woken += 1
  })
  await cutConnections('gatehouse signals')
  await eventually(async () => woken).toBe(1)
  await eventually(() => connected('gatehouse signals')).toBe(2)
  one.wake()
  await eventually(async () => woken).toBe(2)
  await Promise.all([one.close(), other.close()])
})

test('what is said while the connection is away arrives when it is back', async () => {
  const [one, other] = [createSignals(database.open, log), createSignals(database.open, log)]
  await Promise.all([one.ready, other.ready])
  const heard = signalled()
  other.listen('request:7', heard.resolve)
  await cutConnections('gatehouse signals')
  one.announce('request:7')
  await heard.promise
  await Promise.all([one.close(), other.close()])
})

test('a worker does its work although all its connections are cut', async () => {
  const held = signalled()
  const gate = signalled()
  const handlers = {
    work: async () => {
      held.resolve()
      await gate.promise
      return { kind: 'done' as const }
    },
  }
  const node = await startNode(database.open, { clock, handlers })
  const queue = async () => {
    await enqueue(db(), clock, { name: 'work', payload: {} })
    node.deps.wake()
  }
  const states = async () => (await jobsOf(db())).map(job => job.state)
  await queue()
  await held.promise
  await cutConnections('gatehouse%')
  gate.resolve()
  await eventually(states).toEqual(['done'])
  await queue()
  await eventually(states).toEqual(['done', 'done'])
})
