import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enqueueMail } from '../../src/mail/outbox.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const link = 'http://127.0.0.1:3000/link/a-secret-token'

const writeMail = (world: World, subject = 'Your access') =>
  world.deps.db.transaction().execute(tx =>
    enqueueMail(tx, world.deps, {
      toAddress: 'user01@example.com',
      toPerson: 'USER01',
      template: 'first-sign-in',
      subject,
      body: 'Hello <b>you</b>,\n\nopen\n\n{{link}}\n\nnow.',
      link,
      about: { type: 'person', id: 'USER01' },
    }),
  )
const newestMail = async (world: World) => (await world.mails()).at(-1)?.id ?? 0

describe.each(engines)('Administration › Mail without an SMTP server (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    await writeMail(world)
  })
  afterAll(() => world.close())

  test('this page is the mailbox: the text with its link, as text', async () => {
    const list = await operator.get(paths.adminMails())
    expect(list.text).toContain('No SMTP server is configured')
    const page = await operator.get(paths.adminMail(await newestMail(world)))
    expect(page.heading).toBe('Your access')
    expect(page.text).toContain(`open ${link} now.`)
    expect(page.text).toContain('<b>you</b>')
    expect(page.buttons).not.toContain('Send now')
  })

  test('reading somebody’s link stands in the audit trail', async () => {
    const rows = await world.deps.db
      .selectFrom('audit_events')
      .selectAll()
      .where('verb', '=', 'mail link shown')
      .execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ actor_id: 'OPERATOR01', subject_type: 'mail' })
    expect(JSON.stringify(rows)).not.toContain('secret-token')
  })

  test('nobody else reads it', async () => {
    const manager = await signIn(world, 'manager01')
    expect((await manager.get(paths.adminMail(await newestMail(world)))).status).toBe(404)
  })

  test('nothing can be sent', async () => {
    await operator.get(paths.adminMails())
    const page = await operator.post(paths.adminMailResend(await newestMail(world)))
    expect(page.flash).toContain('No SMTP server is configured')
  })
})

describe.each(engines)('Administration › Mail with an SMTP server (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine, { env: { SMTP_URL: 'smtp://127.0.0.1:1' } })
    operator = await signIn(world, 'operator')
    await writeMail(world)
  })
  afterAll(() => world.close())

  test('the link is for its addressee only, waiting, failed or sent', async () => {
    const id = await newestMail(world)
    for (const state of ['queued', 'failed', 'sent', 'kept'] as const) {
      await world.deps.db.updateTable('mails').set({ state }).where('id', '=', id).execute()
      const page = await operator.get(paths.adminMail(id))
      expect(page.body).not.toContain('a-secret-token')
      expect(page.text).toContain('open [a single-use link, which only the mail itself shows] now.')
    }
  })

  test('a failed one says why and can be sent again, once', async () => {
    const id = await newestMail(world)
    await world.deps.db
      .updateTable('mails')
      .set({ state: 'failed', last_error: 'No such mailbox', attempts: 3 })
      .where('id', '=', id)
      .execute()
    const page = await operator.get(paths.adminMail(id))
    expect(page.text).toContain('No such mailbox')
    expect((await operator.get(paths.admin())).text).toContain('Mails that could not be delivered: 1')
    expect((await operator.press(page, 'Send again')).flash).toContain('The mail is queued')
    expect((await operator.press(page, 'Send again')).flash).toContain('This mail is queued already.')
    expect((await world.mails()).at(-1)).toMatchObject({ state: 'queued', attempts: 0, last_error: null })
  })

  test('filters by state and address', async () => {
    await writeMail(world, 'Another')
    const rows = async (query: Record<string, string>) =>
      (await operator.get(paths.adminMails(query))).table('Mails table').length
    expect(await rows({ state: 'queued' })).toBe(2)
    expect(await rows({ state: 'sent' })).toBe(0)
    expect(await rows({ subject: 'ANOTHER' })).toBe(1)
    expect(await rows({ to: 'nobody@' })).toBe(0)
  })
})

describe.each(engines)('Administration › Jobs (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    const now = world.clock.instant()
    await world.deps.db
      .insertInto('jobs')
      .values(
        (['failed', 'done', 'queued'] as const).map(state => ({
          name: `${state} work`,
          payload: '{}',
          state,
          run_at: now,
          created_at: now,
          attempts: state === 'failed' ? 8 : 0,
          last_error: state === 'failed' ? 'It broke' : null,
        })),
      )
      .execute()
  })
  afterAll(() => world.close())

  test('shows what failed and why, and that nobody works', async () => {
    const page = await operator.get(paths.adminJobs({ state: 'failed' }))
    expect(page.table('Jobs table').map(row => [row[1], row[5], row[6]])).toEqual([
      ['failed work', '8 of 8', 'It broke'],
    ])
    expect(page.text).toContain('No worker is alive')
    expect((await operator.get(paths.admin())).text).toContain('Failed jobs: 1')
  })

  test('a failed job is queued again, once', async () => {
    const page = await operator.get(paths.adminJobs({ state: 'failed' }))
    const button = page.buttons.find(name => name.startsWith('Retry')) ?? ''
    expect((await operator.press(page, button)).flash).toContain('is queued again.')
    expect((await operator.press(page, button)).flash).toContain('is not failed any more')
    const jobs = await world.deps.db
      .selectFrom('jobs')
      .selectAll()
      .where('name', '=', 'failed work')
      .execute()
    expect(jobs).toMatchObject([{ state: 'queued', attempts: 0 }])
  })

  test('a worker is alive, stopped or lost', async () => {
    const now = world.clock.instant()
    const worker = { host: 'h', boot_id: 'b', pid: 1, proc_start: '1', version: '0', started_at: now }
    await world.deps.db
      .insertInto('workers')
      .values([
        { ...worker, id: 'alive', seen_at: now },
        { ...worker, id: 'stopped', seen_at: now, stopped_at: now },
        { ...worker, id: 'lost', seen_at: '2026-03-01T00:00:00.000Z' },
      ])
      .execute()
    const rows = (await operator.get(paths.adminJobs())).table('Workers table')
    expect(Object.fromEntries(rows.map(row => [row[0], row.at(-1)]))).toEqual({
      alive: 'alive',
      stopped: 'stopped',
      lost: 'lost',
    })
  })
})
