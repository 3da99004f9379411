import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())
const open = async (env: Record<string, string> = {}) => {
  world = await createWorld('sqlite', { env })
}

describe('every page', () => {
  test('allows nothing inline and nothing from elsewhere', async () => {
    await open()
    const { headers } = await visitor(world).get(paths.signIn())
    expect(headers['content-security-policy']?.split(/;\s*/).sort()).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].sort(),
    )
    expect(headers).toMatchObject({
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers.vary).toContain('HX-Request')
    expect(headers).not.toHaveProperty('x-powered-by')
  })

  test('has a number of its own, in the header and on error pages', async () => {
    await open()
    const page = await (await signIn(world, 'user01')).get('/nothing/here')
    expect(page.status).toBe(404)
    expect(page.heading).toBe('Page not found')
    expect(page.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(page.text).toContain(page.headers['x-request-id'])
  })

  test('tells where it is to nobody when its address is a secret', async () => {
    await open()
    const page = await visitor(world).get(paths.link('unknown'))
    expect(page.headers['referrer-policy']).toBe('no-referrer')
  })

  test('is compressed for who asks', async () => {
    await open()
    const answer = await visitor(world).send('GET', paths.signIn(), undefined, { 'accept-encoding': 'gzip' })
    expect(answer.headers['content-encoding']).toBe('gzip')
  })
})

describe('cookies', () => {
  const cookiesOf = async () => {
    const browser = visitor(world)
    await browser.get(paths.signIn())
    const answer = await browser.send('POST', paths.signIn(), {
      csrf: browser.page?.csrf ?? '',
      login_id: 'user01@example.com',
      password: 'correct horse battery',
    })
    return { answer, lines: [answer.headers['set-cookie']].flat().join('\n') }
  }

  test('over https they are bound to host and transport', async () => {
    await open({ PUBLIC_URL: 'https://portal.example.com' })
    const { answer, lines } = await cookiesOf()
    const session = /__Host-gatehouse_session=.*/.exec(lines)?.[0] ?? ''
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(session).toContain(part)
    expect(session).not.toMatch(/Domain|Max-Age|Expires/)
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000')
  })

  test('over http on this machine they have a plain name', async () => {
    await open({ PUBLIC_URL: 'http://127.0.0.1:3000' })
    const { answer, lines } = await cookiesOf()
    const session = /^gatehouse_session=.*/m.exec(lines)?.[0] ?? ''
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(session).toContain(part)
    expect(session).not.toContain('Secure')
    expect(answer.headers).not.toHaveProperty('strict-transport-security')
  })
})

describe('too much and too strange', () => {
  test('a body over 1 MiB is not read', async () => {
    await open()
    const user01 = await signIn(world, 'user01')
    const page = await user01.post(paths.profilePart('theme'), { theme: 'x'.repeat(1024 * 1024) })
    expect(page.status).toBe(413)
    expect(page.heading).toBe('This is too large')
  })

  test.each([
    ['application/json', '{}', 'Only forms are understood here. Use the page’s own form.'],
    [
      'multipart/form-data; boundary=x',
      'nonsense',
      'The form arrived damaged and could not be read. Go back and send it again.',
    ],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n',
      'This form takes no files. Send it again without the file.',
    ],
  ])('%s is refused readably', async (type, body, words) => {
    await open()
    const user01 = await signIn(world, 'user01')
    const page = await user01.sendRaw(paths.profilePart('theme'), type, body)
    expect(page.status).toBe(422)
    expect(page.text).toContain(words)
  })

  test('a NUL character is named, and nothing is changed', async () => {
    await open()
    const user01 = await signIn(world, 'user01')
    await user01.get(paths.profile())
    const page = await user01.post(paths.profile(), { theme: 'dark', time_zone: 'Europe/\u0000Berlin' })
    expect(page.status).toBe(422)
    expect(page.errorOf('Time Zone')).toContain('a character that can’t be stored (NUL)')
  })

  test('a surprise gives a page with its number, and the log the rest', async () => {
    await open()
    const user01 = await signIn(world, 'user01')
    await world.deps.db.schema.dropTable('favorites').execute()
    const page = await user01.get('/favorites/assets')
    expect(page.status).toBe(404)
    const broken = await user01.post('/favorites/assets', { starred: 'yes' })
    expect(broken.status).toBe(500)
    expect(broken.heading).toBe('Something went wrong on our side')
    expect(broken.body).not.toMatch(/favorites\b.*table|SQLITE|at .*\.ts/)
  })
})

test('the log has a line for every request, without tokens and questions', async () => {
  await open()
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: line => void lines.push(line) })
  const app = createApp({ ...world.deps, log })
  await app.request('/link/a-secret-token?also=secret')
  await app.request('/sign-in?return_to=%2Fsecret', { method: 'POST', body: 'password=secret' })
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { level: 30, method: 'GET', path: '/link/…', status: 404 },
    { level: 30, method: 'POST', path: '/sign-in', status: 403 },
  ])
  expect(lines.join('')).not.toContain('secret')
})

describe('for who watches the process', () => {
  test('healthz, readyz and metrics answer on this machine', async () => {
    await open()
    const machine = visitor(world)
    expect((await machine.send('GET', paths.health())).body).toBe('ok')
    expect((await machine.send('GET', paths.ready())).body).toBe('ready')
    const { body } = await machine.send('GET', paths.metrics())
    expect(body).toMatch(/^gatehouse_http_requests_total\{method="GET",status="2xx"\} \d+$/m)
  })

  test('metrics are hidden from others, except operators', async () => {
    await open()
    const forwarded = { 'x-forwarded-for': '198.51.100.7' }
    expect((await visitor(world).send('GET', paths.metrics(), undefined, forwarded)).status).toBe(404)
    const [user01, operator01] = [await signIn(world, 'user01'), await signIn(world, 'operator01')]
    expect((await user01.send('GET', paths.metrics(), undefined, forwarded)).status).toBe(404)
    expect((await operator01.send('GET', paths.metrics(), undefined, forwarded)).status).toBe(200)
  })

  test('readyz says no when the database lacks a migration', async () => {
    await open()
    await sql`delete from migrations where name like '0001%'`.execute(world.deps.db)
    const answer = await visitor(world).send('GET', paths.ready())
    expect([answer.status, answer.body]).toEqual([503, 'database not ready'])
  })

  test('readyz says no when the process stops', async () => {
    await open()
    world.stop()
    expect((await visitor(world).send('GET', paths.ready())).status).toBe(503)
  })
})
