import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { seedCast } from '../../db/seeds/cast.ts'
import { prepareBatch } from '../../src/access/campaign-preparation.ts'
import { startCampaign } from '../../src/access/campaigns.ts'
import type { Opened } from '../../src/cli/open-deps.ts'
import { after, days, nowInstant } from '../../src/clock.ts'
import type { Deps, Tx } from '../../src/deps.ts'
import type { Actor } from '../../src/policy.ts'

export interface CampaignFigures {
  persons: number
  /** Parts, accesses in them and mails. */
  rows: number
  seconds: number
  bareSeconds: number
  /** Resident MiB before, at the highest, and after. */
  memory: { before: number; highest: number; after: number }
}

const persons = 100_000
const BATCH = 500

/** A re-validation of 100,000 persons prepared, and the same rows written by a bare loop. */
export async function measureCampaign({ deps }: Opened): Promise<CampaignFigures> {
  await seed(deps)
  const memory = watchMemory()
  const began = performance.now()
  const id = await prepare(deps, memory.look)
  const seconds = (performance.now() - began) / 1000
  const found = memory.ended()
  const { rows, mails } = await countOf(deps, id)
  if (mails !== persons) throw new Error(`${mails} mails were written for ${persons} persons.`)
  return { persons, rows, seconds, bareSeconds: await bareLoop(deps, id), memory: found }
}

const numbers = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sql.raw(String(persons))})`
const code = sql`'BENCH' || substr('000000' || cast(n as text), -6)`

/** Every person holds an access of customer 10000, every fifth one of 20000 too. */
async function seed({ db, clock }: Deps): Promise<void> {
  const now = after(clock.now(), -days(1))
  await seedCast(db, { now, passwordHash: () => null })
  await db.transaction().execute(async tx => {
    await sql`delete from accesses`.execute(tx)
    await sql`insert into persons (id, login_id, login_key, first_name, last_name, display_name, primary_email, role,
        status, search_text, created_at)
      ${numbers} select ${code}, ${code} || '@example.com', lower(${code}) || '@example.com', 'Bench', cast(n as text),
        'Bench ' || cast(n as text), ${code} || '@example.com', 'STD_USER', 'ACTIVE', lower(${code}), ${sql.lit(now)}
      from numbers where true`.execute(tx)
    await addAccesses(tx, '10000', now, 1)
    await addAccesses(tx, '20000', now, 5)
  })
}

const addAccesses = (tx: Tx, customer: string, now: string, every: number) =>
  sql`insert into accesses (person_id, asset_id, customer_id, access_type, status, justification, created_at, granted_at)
    ${numbers} select ${code}, ${sql.lit(`${customer}-DEV`)}, ${sql.lit(customer)}, 'self-service-portal', 'APPROVED',
      'Measured', ${sql.lit(now)}, ${sql.lit(now)}
    from numbers where n % ${sql.raw(String(every))} = 0`.execute(tx)

const operator: Actor = {
  id: 'OPERATOR01',
  role: 'OPERATOR',
  name: 'Operator 01',
  managingCustomerId: null,
  timeZone: null,
}

async function prepare(deps: Deps, look: () => void): Promise<number> {
  const started = await startCampaign(deps, operator, {
    name: 'Measured',
    customerId: null,
    dueAt: after(deps.clock.now(), days(30)),
    suspendAt: null,
    removeAt: null,
  })
  if (!started.ok) throw new Error(JSON.stringify(started.problem))
  while (await prepareBatch(deps, started.value, async () => {}, BATCH)) look()
  return started.value
}

async function countOf({ db }: Deps, id: number): Promise<{ rows: number; mails: number }> {
  const { rows } = await sql<{ parts: number; items: number; mails: number }>`select
    (select count(*) from campaign_parts where campaign_id = ${id}) as parts,
    (select count(*) from campaign_items) as items,
    (select count(*) from mails) as mails`.execute(db)
  const { parts = 0, items = 0, mails = 0 } = rows[0] ?? {}
  return { rows: parts + items + mails, mails }
}

/** As little as it can be: the same rows, a statement each, in transactions of as many persons. */
async function bareLoop(deps: Deps, id: number): Promise<number> {
  const { db } = deps
  const parts = await db.selectFrom('campaign_parts').selectAll().where('campaign_id', '=', id).execute()
  const items = new Map(
    (await db.selectFrom('campaign_items').selectAll().execute()).map(i => [i.part_id, i]),
  )
  const mails = await db.selectFrom('mails').selectAll().orderBy('id').execute()
  await sql`delete from campaign_items`.execute(db)
  await sql`delete from campaign_parts`.execute(db)
  await sql`delete from mails`.execute(db)
  const began = performance.now()
  for (let at = 0; at < parts.length; at += BATCH)
    await db.transaction().execute(async tx => {
      for (const part of parts.slice(at, at + BATCH)) {
        await sql`insert into campaign_parts (id, campaign_id, person_id, customer_id, state)
          values (${part.id}, ${id}, ${part.person_id}, ${part.customer_id}, 'OPEN')`.execute(tx)
        await sql`insert into campaign_items (part_id, access_id, outcome)
          values (${part.id}, ${items.get(part.id)?.access_id}, 'OPEN')`.execute(tx)
      }
      for (const mail of mails.slice(at, at + BATCH))
        await sql`insert into mails (id, to_address, to_person, template, subject, body, subject_type, subject_id,
            state, message_id, created_at)
          values (${mail.id}, ${mail.to_address}, ${mail.to_person}, ${mail.template}, ${mail.subject}, ${mail.body},
            ${mail.subject_type}, ${mail.subject_id}, ${mail.state}, ${mail.message_id}, ${nowInstant(deps.clock)})`.execute(
          tx,
        )
    })
  return (performance.now() - began) / 1000
}

function watchMemory() {
  globalThis.gc?.()
  const before = residentMemory()
  let highest = before
  return {
    look: () => {
      highest = Math.max(highest, residentMemory())
    },
    ended: () => {
      globalThis.gc?.()
      return { before, highest, after: residentMemory() }
    },
  }
}

const residentMemory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
