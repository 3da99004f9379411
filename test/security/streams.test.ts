import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import type { Deps } from '../../src/deps.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { queued } from '../support/queued.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'

/** A stream stays open while the world around it changes. */
describe.each(engines)('a live page (%s)', engine => {
  let world: World
  let server: Server
  let id: number
  /** Topics that open streams listen to. */
  let listening: number
  beforeEach(async () => {
    world = await createWorld(engine)
    await offerAction(world.deps, { asset: '10000-DEV' })
    id = await queued(world)
    listening = 0
    const listen: Deps['listen'] = (topic, call) => {
      listening += 1
      const stop = world.deps.listen(topic, call)
      return () => {
        listening -= 1
        stop()
      }
    }
    const app = createApp({ ...world.deps, listen })
    server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
    server.keepAliveTimeout = 1
    await once(server, 'listening')
  })
  afterEach(async () => {
    world.stop()
    const closed = once(server, 'close')
    server.close()
    await closed
    await world.close()
  })

  const ask = (agent: Agent, method = 'GET') =>
    fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths.serviceRequestLogStream(id)}?lines=no`,
      { method, headers: { cookie: [...agent.cookies].map(pair => pair.join('=')).join('; ') } },
    )

  test('is drawn for who somebody is by now, not for who they were when it was opened', async () => {
    const operator = await signIn(world, 'operator01')
    const reader = (await ask(operator)).body?.pipeThrough(new TextDecoderStream()).getReader()
    const until = async (wanted: string) => {
      let text = ''
      for (let part = await reader?.read(); part; part = await reader?.read()) {
        text += part.value ?? ''
        if (part.done || text.includes(wanted)) break
      }
      return text
    }
    expect(await until('id="request-history"')).toContain('Take back')
    const { db } = world.deps
    const created_at = world.clock.instant()
    await db
      .insertInto('customer_access')
      .values({ person_id: 'OPERATOR01', customer_id: '10000', created_at })
      .execute()
    await db.updateTable('persons').set({ role: 'STD_USER' }).where('id', '=', 'OPERATOR01').execute()
    world.deps.announce(`request:${id}`)
    const actions = await until('id="request-actions"')
    expect(actions).toContain('id="request-actions"')
    expect(actions).not.toContain('Take back')
  })

  test('ends when its person signs out everywhere from another browser, and is told so at once', async () => {
    const stream = await ask(await signIn(world, 'user01'))
    await (await signIn(world, 'user01')).fillIn(paths.profile(), {}, 'Sign out everywhere')
    expect(world.announced).toContain('person:USER01')
    expect(await stream.text()).toContain('event: end')
  })

  test('is none for a request that nobody reads the answer of', async () => {
    const answer = await ask(await signIn(world, 'user01'), 'HEAD')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
    expect(listening).toBe(0)
  })

  test('is not opened hundreds of times by one person; another one gets theirs', async () => {
    const user01 = await signIn(world, 'user01')
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(user01)))
    expect(answers.map(answer => answer.status)).toEqual(answers.map(() => 200))
    expect((await ask(user01)).status).toBe(429)
    expect((await ask(await signIn(world, 'user02'))).status).toBe(200)
    await Promise.all(answers.map(answer => answer.body?.cancel()))
    await expect.poll(async () => (await ask(user01)).status).toBe(200)
  })
})
