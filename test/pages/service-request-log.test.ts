import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { queued, statusOf } from '../support/queued.ts'
import { offerAction } from '../support/runbooks.ts'
import { startWork, workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('the log of a service request (%s)', engine => {
  let world: World
  let user01: Agent
  let folder: string
  let server: Server

  beforeEach(async () => {
    world = await createWorld(engine)
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-log-'))
    user01 = await signIn(world, 'user01')
    server = createServer(getRequestListener(createApp(world.deps).fetch)).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const runs = (text: string) =>
    offerAction(world.deps, {
      asset: '10000-DEV',
      definition: runbookDefinition.parse({
        steps: [
          { name: 'First', executor: 'command', argv: ['/bin/sh', '-c', text] },
          { name: 'Second', executor: 'command', argv: ['/bin/echo', 'second step'] },
        ],
      }),
    })
  const waitFor = (name: string) => `while [ ! -e ${path.join(folder, name)} ]; do sleep 0.02; done`
  const release = (name: string) => writeFileSync(path.join(folder, name), '')

  /** The stream as a browser gets it, until it has said something or ends. */
  async function stream(id: number, headers: Record<string, string> = {}, query = '') {
    const { port } = server.address() as AddressInfo
    const cookie = [...user01.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const stop = new AbortController()
    const answer = await fetch(`http://127.0.0.1:${port}${paths.serviceRequestLogStream(id)}${query}`, {
      headers: { cookie, ...headers },
      redirect: 'manual',
      signal: stop.signal,
    })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    let over = false
    const read = async () => {
      const part = await reader?.read()
      text += part?.value ?? ''
      over = part?.done ?? true
    }
    return {
      status: answer.status,
      until: async (wanted: string) => {
        while (!text.includes(wanted) && !over) await read()
        return text
      },
      toEnd: async () => {
        while (!over) await read()
        return text
      },
      drop: () => stop.abort(),
    }
  }

  test('fills line by line while it runs, replaces what changes, and ends with the request', async () => {
    await runs(`echo one; ${waitFor('go')}; echo two >&2`)
    const id = await queued(world)
    const live = await stream(id, {}, '?after=0.0')
    expect(await live.until('QUEUED')).toContain('id="request-status"')
    const work = await startWork(world)
    const begun = await live.until('>one<')
    expect(begun).toContain('INPROG')
    expect(begun).toContain('class="log-step"')
    release('go')
    const all = await live.toEnd()
    await work.stop()
    expect(await statusOf(world, id)).toBe('RESOLVED')
    expect(all).toContain('>two<')
    expect(all).toContain('>second step<')
    expect(all).toContain('RESOLVED')
    expect(all.match(/id="L1"/g)).toHaveLength(1)
    expect(all.trimEnd().split('\n').at(-2)).toContain('event: end')
  })

  test('brings the mails and, when it fails, the support case with the status', async () => {
    await runs('exit 3')
    const id = await queued(world)
    const live = await stream(id, {}, '?after=0.0')
    expect(await live.until('QUEUED')).toContain('No mail about this request has been written.')
    const work = await startWork(world)
    const all = await live.toEnd()
    await work.stop()
    expect(all.lastIndexOf('id="request-mails"')).toBeLessThan(
      all.lastIndexOf(`Service request ${id}: FAILED`),
    )
    expect(all).toContain('Please complete this action')
  })

  test('goes on where a browser had come to', async () => {
    await runs('for i in 1 2 3 4 5; do echo line $i; done')
    const id = await queued(world)
    await workOff(world)
    const whole = await (await stream(id, {}, '?after=0.0')).toEnd()
    const run = /id: (\d+)\.\d+/.exec(whole)?.[1]
    const third = /id="L(\d+)"(?:(?!id="L).)*line 3/s.exec(whole)?.[1]
    const rest = await (await stream(id, { 'last-event-id': `${run}.${third}` })).toEnd()
    expect(rest).not.toContain('>line 3<')
    expect(rest).toContain('>line 4<')
    expect(rest).toContain('>second step<')
  })

  test('ends at sign-out', async () => {
    await runs(waitFor('go'))
    const id = await queued(world)
    const live = await stream(id)
    await live.until('QUEUED')
    await user01.press(paths.home(), 'Sign out')
    expect(await live.toEnd()).toContain('event: end')
    expect((await stream(id)).status).toBe(303)
  })

  test('ends when the person may not see the request any more', async () => {
    await runs(waitFor('go'))
    const id = await queued(world)
    const live = await stream(id)
    await live.until('QUEUED')
    await world.deps.db.deleteFrom('customer_access').where('person_id', '=', 'USER01').execute()
    world.deps.announce(`request:${id}`)
    expect(await live.toEnd()).toContain('event: end')
    expect((await stream(id)).status).toBe(404)
  })

  test('breaks off when the process stops, so that the browser comes back to the next one', async () => {
    await runs(waitFor('go'))
    const id = await queued(world)
    const live = await stream(id)
    await live.until('QUEUED')
    world.stop()
    expect(await live.toEnd()).not.toContain('event: end')
  })

  test('shows steps, lines to link to, and the first error', async () => {
    await runs('echo looking; echo "cannot reach <database>" >&2; exit 7')
    const id = await queued(world)
    await workOff(world)
    const page = await user01.get(paths.serviceRequestLog(id))
    expect(page.text).toContain('looking')
    expect(page.text).toContain('cannot reach <database>')
    expect(page.text).toContain('Exit status 7.')
    expect(page.link('First error')).toMatch(/#L\d+$/)
    const line = page.document.querySelectorAll('.log-line').find(l => l.textContent.includes('cannot reach'))
    expect(line?.id).toMatch(/^L\d+$/)
  })

  test('is paged when it is long, and comes whole as a download', async () => {
    await runs('seq 1 2500')
    const id = await queued(world)
    await workOff(world)
    const last = await user01.get(paths.serviceRequestLog(id))
    expect(last.text).toContain('second step')
    const first = await user01.get(paths.serviceRequestLog(id, { from: 1 }))
    expect(first.document.querySelectorAll('.log-line')).toHaveLength(1000)
    const next = await user01.get(first.link('Next page'))
    expect(next.document.querySelector('.log-line')?.id).toBe('L1001')
    const found = await user01.fillIn(last, { 'Find in the whole log': '1234' }, 'Find')
    expect(found.text).toContain('1 line contains “1234”')
    expect(found.link('1236')).toBe(`${paths.serviceRequestLog(id, { from: 1001 })}#L1236`)
    const none = await user01.fillIn(found, { 'Find in the whole log': 'nowhere' }, 'Find')
    expect(none.text).toContain('No line contains “nowhere”.')
    const whole = await user01.get(paths.serviceRequestLogDownload(id))
    expect(whole.headers['content-type']).toContain('text/plain')
    for (const wanted of ['\n', ' 1\n', ' 2500\n', 'second step']) expect(whole.body).toContain(wanted)
  })

  test('has nothing to download before it has run', async () => {
    await runs('true')
    const id = await queued(world)
    expect((await user01.get(paths.serviceRequestLogDownload(id))).status).toBe(404)
    expect((await user01.get(paths.serviceRequestLog(id))).text).toContain('Nothing has run yet.')
  })
})
