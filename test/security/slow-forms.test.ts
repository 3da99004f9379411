import { once } from 'node:events'
import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { endSessions } from '../../src/auth/sessions.ts'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

/** A form may take minutes to arrive: what counts is who its sender is when it is there. */
describe.each(engines)('a form that is sent slowly (%s)', engine => {
  let world: World
  let operator: Agent
  let server: Server
  beforeEach(async () => {
    world = await createWorld(engine)
    server = createServer(getRequestListener(createApp(world.deps).fetch)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    operator = await signIn(world, 'operator01')
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await world.close()
  })

  const address = paths.adminCustomer('new')

  /** Sends everything but the last character, and waits until the portal knows who it is from. */
  async function begin(): Promise<ClientRequest> {
    const { csrf } = await operator.get(address)
    const form = new URLSearchParams({ csrf, id: '30000', name: 'Late', parent_id: '', status: 'ACTIVE' })
    world.clock.advance(minutes(2))
    const before = await lastSeen()
    const sending = request({
      port: (server.address() as AddressInfo).port,
      method: 'POST',
      path: address,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': form.toString().length,
        'sec-fetch-site': 'same-origin',
        cookie: [...operator.cookies].map(pair => pair.join('=')).join('; '),
      },
    })
    sending.write(form.toString().slice(0, -1))
    await expect.poll(lastSeen).not.toBe(before)
    return sending
  }

  async function finish(sending: ClientRequest): Promise<number | undefined> {
    sending.end('E')
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode
  }

  const lastSeen = async () =>
    (
      await world.deps.db
        .selectFrom('sessions')
        .select('last_seen_at')
        .where('person_id', '=', 'OPERATOR01')
        .executeTakeFirstOrThrow()
    ).last_seen_at
  const isThere = async () =>
    (await world.deps.db.selectFrom('customers').select('id').where('id', '=', '30000').execute()).length > 0

  test('is accepted from who still may', async () => {
    expect(await finish(await begin())).toBe(303)
    expect(await isThere()).toBe(true)
  })

  test('is not there for who has lost the role meanwhile', async () => {
    const sending = await begin()
    await world.deps.db
      .updateTable('persons')
      .set({ role: 'STD_USER' })
      .where('id', '=', 'OPERATOR01')
      .execute()
    expect(await finish(sending)).toBe(404)
    expect(await isThere()).toBe(false)
  })

  test('leads to sign-in when the session has ended meanwhile', async () => {
    const sending = await begin()
    await world.deps.db.transaction().execute(tx => endSessions(tx, world.clock, 'OPERATOR01'))
    expect(await finish(sending)).toBe(303)
    expect(await isThere()).toBe(false)
  })
})
