// "Asset Management": a small real web application, the environment that the demo's service requests act on.
// Takes seconds to start, says on standard output what it does, keeps its register in a file, stops on SIGTERM.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { frontPage, styleSheet } from './pages.mjs'
import { openRegister } from './register.mjs'

const { PORT, ENVIRONMENT = 'environment', REGISTER = 'register.json', START_SECONDS = '3' } = process.env
const startedAt = new Date()
const state = { phase: 'starting', announcement: '', register: undefined, answered: 0 }

const say = line => process.stdout.write(`${new Date().toISOString()} ${line}\n`)

say(`Asset Management on ${ENVIRONMENT} is starting (process ${process.pid}).`)
const server = createServer(route).listen(Number(PORT), '127.0.0.1')
server.on('error', error => {
  say(`Port ${PORT} can't be used: ${error.code}. The application ends.`)
  process.exit(1)
})
process.once('SIGTERM', stop)
// Nobody would find and stop it any more once its folder was deleted.
setInterval(() => existsSync(path.dirname(REGISTER)) || stop(), 5000).unref()
start()

async function start() {
  const pause = (Number(START_SECONDS) * 1000) / 4
  say('Reading the configuration.')
  await wait(pause)
  say(`Opening the asset register ${REGISTER}.`)
  state.register = openRegister(REGISTER)
  await wait(pause)
  say(`${state.register.list().length} assets are in the register.`)
  say('Checking work orders.')
  await wait(pause)
  say('Warming up.')
  await wait(pause)
  if (state.phase !== 'starting') return
  state.phase = 'ready'
  say(`Ready after ${seconds()} s: http://127.0.0.1:${PORT}/`)
}

async function stop() {
  if (state.phase === 'stopping') return
  say(
    existsSync(path.dirname(REGISTER))
      ? 'SIGTERM received. The application is stopping.'
      : 'Its folder is gone. The application is stopping.',
  )
  state.phase = 'stopping'
  const closed = new Promise(resolve => server.close(resolve))
  say('No new connections are taken; open ones are finished.')
  server.closeIdleConnections()
  await Promise.race([closed, wait(3000)])
  server.closeAllConnections()
  await wait(400)
  say('The asset register is closed.')
  await wait(400)
  say(`Stopped. ${state.answered} requests were answered in ${seconds()} s.`)
  process.exit(0)
}

function route(request, response) {
  state.answered += 1
  const { pathname } = new URL(request.url, 'http://localhost')
  const handler = routes[`${request.method} ${pathname}`]
  if (!handler) return send(response, 404, 'text/plain', 'There is no such page.\n')
  if (request.method === 'POST' && !sameSite(request))
    return send(response, 403, 'text/plain', 'Not from here.\n')
  return Promise.resolve(handler(request, response)).catch(error => {
    say(`Failed to answer ${pathname}: ${error.message}`)
    send(response, 500, 'text/plain', 'This did not work. See the log of the application.\n')
  })
}

const routes = {
  'GET /': (_request, response) =>
    send(
      response,
      state.phase === 'ready' ? 200 : 503,
      'text/html',
      frontPage({ environment: ENVIRONMENT, startedAt, ...state }),
    ),
  'GET /health': (_request, response) =>
    send(
      response,
      state.phase === 'ready' ? 200 : 503,
      'application/json',
      JSON.stringify({ status: state.phase, environment: ENVIRONMENT, register: REGISTER }),
    ),
  'GET /style.css': (_request, response) => send(response, 200, 'text/css', styleSheet),
  'POST /assets': async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request))
    const asset = state.register?.add(form.get('name') ?? '', form.get('location') ?? '')
    if (asset) say(`Asset ${asset.number} was added.`)
    response.writeHead(303, { Location: '/' }).end()
  },
  'POST /announcement': async (request, response) => {
    state.announcement = (await bodyOf(request)).slice(0, 300)
    say(`Announced to everyone: ${state.announcement}`)
    send(response, 200, 'text/plain', 'Announced.\n')
  },
}

function send(response, status, type, body) {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'self'; form-action 'self'",
  })
  response.end(body)
}

/** Programs send no Sec-Fetch-Site; pages of other sites send another one. */
const sameSite = request => [undefined, 'same-origin', 'none'].includes(request.headers['sec-fetch-site'])

async function bodyOf(request) {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > 10_000) throw new Error('the form is too large')
  }
  return body
}

function seconds() {
  return ((Date.now() - startedAt.getTime()) / 1000).toFixed(1)
}
