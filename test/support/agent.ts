import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import supertest from 'supertest'
import { castLoginId, castPersons } from '../../db/seeds/cast.ts'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import { ShownPage } from './shown-page.ts'
import { testPassword, type World } from './world.ts'

/** What is filled in, by label: text, the words of a choice, or whether a box is ticked. */
export type Filling = Readonly<Record<string, string | boolean>>
export type Fields = Readonly<Record<string, string | readonly string[]>>
type Headers = Readonly<Record<string, string>>

const servers = new WeakMap<World, Promise<Server>>()

/** The portal of a world, listening: a server that is not yet would be started and closed for every request. */
function serverOf(world: World): Promise<Server> {
  const known = servers.get(world)
  if (known) return known
  const server = createServer(getRequestListener(createApp(world.deps).fetch))
  server.listen(0, '127.0.0.1').unref()
  const listening = once(server, 'listening').then(() => server)
  servers.set(world, listening)
  return listening
}

/** Someone in front of a browser that nobody has signed in at. */
export const visitor = (world: World) => new Agent(world)

/** A person of the cast, really signed in: `signIn(world, 'user01')`. */
export async function signIn(world: World, name: string, password = testPassword): Promise<Agent> {
  const agent = visitor(world)
  const page = await agent.signIn(loginIdOf(name), password)
  if (page.path === paths.signIn()) throw new Error(`${name} could not sign in: ${page.text}`)
  return agent
}

function loginIdOf(name: string): string {
  const person = castPersons.find(one => one.id === name.toUpperCase())
  return person ? castLoginId(person.id) : `${name}@example.com`
}

/** A browser without JavaScript: keeps cookies, follows redirects, fills in forms by their labels. */
export class Agent {
  readonly cookies = new Map<string, string>()
  /** The page last shown. */
  page: ShownPage | undefined
  /** Sent with every request, such as another address behind a proxy. */
  headers: Headers = {}
  readonly #world: World
  constructor(world: World) {
    this.#world = world
  }

  async signIn(loginId: string, password: string): Promise<ShownPage> {
    return this.fillIn(paths.signIn(), { 'Login ID': loginId, Password: password }, 'Sign in')
  }

  /** Opens a page, following redirects. */
  async get(path: string, headers: Headers = {}): Promise<ShownPage> {
    const page = await this.send('GET', path, undefined, headers)
    const next = page.status >= 300 && page.status < 400 ? page.location : null
    // Another site is not followed.
    return next === null || /^https?:/.test(this.#local(next)) ? page : this.get(this.#local(next), headers)
  }

  /** Fills in the form of a page that has this button, and presses it. A page that is open already may be given. */
  async fillIn(at: string | ShownPage, filling: Filling, button: string): Promise<ShownPage> {
    const page = typeof at === 'string' ? await this.get(at) : at
    const { action, method, fields } = page.formWith(button, Object.keys(filling)).filled(filling)
    if (method === 'get') return this.get(`${action.split(/[?#]/)[0]}?${encoded(fields)}`)
    return this.post(action, fields, { referer: this.#address(page.path) })
  }

  /** Presses a button of a page. */
  press = (at: string | ShownPage, button: string) => this.fillIn(at, {}, button)

  /** Sends a form as it is, with the token of the page last shown, and follows the redirect. */
  async post(path: string, fields: Fields = {}, headers: Headers = {}): Promise<ShownPage> {
    const answer = await this.send('POST', path, { csrf: this.page?.csrf ?? '', ...fields }, headers)
    const next = answer.status === 303 ? answer.location : null
    return next === null || /^https?:/.test(this.#local(next)) ? answer : this.get(this.#local(next))
  }

  /** One request, nothing followed. */
  send(method: 'GET' | 'POST', path: string, fields?: Fields, headers: Headers = {}): Promise<ShownPage> {
    const type = 'application/x-www-form-urlencoded'
    return this.#request(method, path, fields && { type, text: encoded(fields) }, headers)
  }

  /** A body of any kind, with the token of the page last shown in the header. */
  sendRaw(path: string, type: string, text: string): Promise<ShownPage> {
    return this.#request('POST', path, { type, text }, { 'x-csrf-token': this.page?.csrf ?? '' })
  }

  async #request(
    method: 'GET' | 'POST',
    path: string,
    body: { type: string; text: string } | undefined,
    headers: Headers,
  ): Promise<ShownPage> {
    const server = await serverOf(this.#world)
    const request = method === 'GET' ? supertest(server).get(path) : supertest(server).post(path)
    const sent: Headers = {
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'same-origin',
      // Packing and unpacking a page takes longer than making it.
      'accept-encoding': 'identity',
      ...(method === 'POST' && { origin: this.#world.config.PUBLIC_URL }),
      ...this.headers,
      ...headers,
    }
    for (const [name, value] of Object.entries(sent)) if (value !== '') request.set(name, value)
    if (body) request.type(body.type).send(body.text)
    const answer = await request.redirects(0).buffer(true)
    this.#keepCookies(answer.headers['set-cookie'] as unknown as string[] | undefined)
    const page = new ShownPage(
      path,
      answer.status,
      answer.headers as Record<string, string>,
      answer.text ?? '',
    )
    if (page.isHtml) this.page = page
    return page
  }

  #keepCookies(lines: readonly string[] = []) {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/;\s*max-age=0(;|$)/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }

  #address = (path: string) => `${this.#world.config.PUBLIC_URL}${path}`
  #local = (address: string) => address.replace(this.#world.config.PUBLIC_URL, '')
}

function encoded(fields: Fields): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === 'string' ? [value] : value) form.append(name, one)
  return form.toString()
}
