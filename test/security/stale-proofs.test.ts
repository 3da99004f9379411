import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueLink } from '../../src/auth/links.ts'
import { signIn as signInWith } from '../../src/auth/sign-in.ts'
import { minutes } from '../../src/clock.ts'
import type { Deps, Tx } from '../../src/deps.ts'
import { paths } from '../../src/paths.ts'
import { changePerson, createPerson, type PersonFacts } from '../../src/people/persons.ts'
import { whyRefused } from '../../src/service-requests/check-again.ts'
import { findVisibleRequest } from '../../src/service-requests/find-request.ts'
import { signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Passwords, links and sessions that were good a moment ago. */
describe.each(engines)('what is not good any more (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const trail = async (verb: string) =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select(['subject_id', 'detail'])
        .where('verb', '=', verb)
        .orderBy('id')
        .execute()
    ).map(({ subject_id, detail }) => `${subject_id} ${detail}`)

  test('a password that is changed while it is being checked opens nothing', async () => {
    const visit = { address: '192.0.2.1', userAgent: '', cookieHeader: '', requestId: '1' }
    const deps = beforeTransactions(world.deps, () =>
      world.deps.db
        .updateTable('persons')
        .set({ password_hash: '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA' })
        .where('id', '=', 'USER01')
        .execute(),
    )
    expect(await signInWith(deps, 'user01@example.com', testPassword, visit)).toMatchObject({
      ok: false,
      problem: { kind: 'forbidden' },
    })
    expect(await trail('person signed in')).toEqual([])
  })

  test('asking for nobody takes the same steps as asking for somebody', async () => {
    for (const login of ['user01@example.com', 'nobody@example.com']) {
      await visitor(world).signIn(login, 'wrong horse battery')
      await visitor(world).fillIn(paths.forgotten(), { 'Login ID': login }, 'Send link')
    }
    const refused = await trail('sign-in refused')
    expect(refused.map(row => row.split(' ')[0])).toEqual(['USER01', 'unknown'])
    expect(await trail('password link refused')).toEqual(['unknown {}'])
    expect(await trail('password link sent')).toHaveLength(1)
    expect(refused.join()).not.toContain('nobody')
  })

  const facts: PersonFacts = {
    login_id: 'user01@example.com',
    first_name: 'User',
    last_name: '01',
    display_name: 'User 01',
    primary_email: 'user01@example.com',
    role: 'STD_USER',
    managing_customer_id: null,
    customers: ['10000'],
  }
  const linkOf = async (at: number) =>
    ((await world.mails()).at(at)?.link ?? '').replace(world.config.PUBLIC_URL, '')

  test('a link that went to an address which is not the person’s any more opens nothing', async () => {
    await world.deps.db.transaction().execute(tx => issueLink(tx, world.deps, 'USER01', 'reset'))
    const moved = { ...facts, primary_email: 'moved@example.com' }
    expect((await changePerson(world.deps, world.actor('OPERATOR01'), 'USER01', moved)).ok).toBe(true)
    expect((await visitor(world).get(await linkOf(0))).status).toBe(200)
    await visitor(world).press(await linkOf(1), 'Confirm address')
    expect((await visitor(world).get(await linkOf(0))).status).toBe(404)
  })

  test('of who is not ACTIVE yet the address is put right at once', async () => {
    const operator = world.actor('OPERATOR01')
    const mistyped = { ...facts, login_id: 'new@example.com', primary_email: 'wrong@example.com' }
    await createPerson(world.deps, operator, 'USER09', mistyped)
    await changePerson(world.deps, operator, 'USER09', { ...mistyped, primary_email: 'right@example.com' })
    await workOff(world)
    expect((await world.mails()).map(mail => mail.to_address)).toEqual(['right@example.com'])
    expect((await visitor(world).get(await linkOf(0))).status).toBe(200)
  })

  test('who has not signed in yet gets the link again once the right address is confirmed', async () => {
    const operator = world.actor('OPERATOR01')
    const mistyped = { ...facts, login_id: 'new@example.com', primary_email: 'wrong@example.com' }
    await createPerson(world.deps, operator, 'USER09', mistyped)
    await workOff(world)
    await changePerson(world.deps, operator, 'USER09', { ...mistyped, primary_email: 'right@example.com' })
    expect((await visitor(world).get(await linkOf(0))).status).toBe(404)
    await visitor(world).press(await linkOf(1), 'Confirm address')
    const last = (await world.mails()).at(-1)
    expect(last).toMatchObject({ to_address: 'right@example.com', template: 'first-sign-in' })
    expect((await visitor(world).get(await linkOf(-1))).heading).toBe('Welcome to Gatehouse')
  })

  test('a Login ID that looks like another one is not given', async () => {
    const look = { ...facts, login_id: 'usеr01@example.com' }
    const made = await createPerson(world.deps, world.actor('OPERATOR01'), 'USER09', look)
    expect(made).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
  })

  test('an operator who is gone stays nameless to customers', async () => {
    const queued_by = 'OPERATOR01'
    const [id = 0] = await addRequests(world.deps.db, [requestRow()])
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', queued_by)
      .execute()
    const found = await findVisibleRequest(world.deps.db, world.actor('USER01'), id)
    const why =
      found &&
      (await world.deps.db.transaction().execute(tx => whyRefused(tx, { ...found.request, queued_by })))
    expect(why).toBe('operator, who queued it, is not an active user any more.')
  })

  test('an operator who was away identifies again before acting, and before a link of somebody is shown', async () => {
    await createPerson(world.deps, world.actor('OPERATOR01'), 'USER09', {
      ...facts,
      login_id: 'new@example.com',
    })
    await workOff(world)
    const [mail] = await world.mails()
    const operator = await signIn(world, 'operator01')
    expect((await operator.get(paths.adminMail(mail?.id ?? 0))).body).toContain('/link/')
    const { csrf } = await operator.get(paths.adminCustomer('new'))
    world.clock.advance(minutes(16))
    expect((await operator.get(paths.adminMail(mail?.id ?? 0))).path).toContain('/identify')
    const fields = { csrf, id: '30000', name: 'Late', parent_id: '', status: 'ACTIVE' }
    for (const path of [paths.adminCustomer('new'), paths.adminNotice('new'), paths.adminAction('new')])
      expect((await operator.send('POST', path, fields)).location).toContain('/identify')
  })
})

/** Something else happens just before each transaction: after what was read outside of it. */
const beforeTransactions = (deps: Deps, happens: () => Promise<unknown>): Deps => ({
  ...deps,
  db: new Proxy(deps.db, {
    get(db, key) {
      const value: unknown = Reflect.get(db, key)
      if (key !== 'transaction') return typeof value === 'function' ? value.bind(db) : value
      return () => ({
        execute: async (work: (tx: Tx) => Promise<unknown>) => {
          await happens()
          return db.transaction().execute(work)
        },
      })
    },
  }),
})
