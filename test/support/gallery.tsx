import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { build } from 'esbuild'
import { type Context, Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Chrome } from '../../views/layout/chrome.ts'
import { SelectValueDialog, SelectValuePage } from '../../views/ui/select-value.tsx'
import { choices, FormPage, galleryChrome, ListPage, LogPage, RecordPage } from './gallery-pages.tsx'

export interface Gallery {
  url: string
  /** What was posted to /saved, in order. */
  saved: Record<string, string>[]
  /** `Last-Event-ID` of each stream opened so far; null for a first one. */
  streams: (string | null)[]
  /** The stream that is open now. */
  stream(): SSEStreamingApi | undefined
  /** The form was sent back with these errors, from now on. */
  errors: Record<string, string>
  shortcuts: boolean
  streamsEndAtOnce: boolean
  close(): Promise<void>
}

const root = path.resolve(import.meta.dirname, '../..')
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"

/** Every component on a few pages of no other use, with the portal's real style and script. */
export async function openGallery(): Promise<Gallery> {
  const open = new Set<SSEStreamingApi>()
  const gallery: Omit<Gallery, 'url' | 'close'> = {
    saved: [],
    streams: [],
    stream: () => [...open].at(-1),
    errors: {},
    shortcuts: true,
    streamsEndAtOnce: false,
  }
  const app = new Hono()
  app.use('*', async (c, next) => {
    await next()
    c.header('Content-Security-Policy', contentSecurityPolicy)
  })
  app.route('/static', await staticFiles())
  app.route('/', pages(gallery, open))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise(resolve => server.once('listening', resolve))
  return Object.assign(gallery, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  })
}

function pages(gallery: Omit<Gallery, 'url' | 'close'>, open: Set<SSEStreamingApi>) {
  const chromeOf = (c: Context, nav: Chrome['nav']): Chrome =>
    galleryChrome(c.req.path, nav, gallery.shortcuts)
  return new Hono()
    .get('/', c => c.html(<RecordPage chrome={chromeOf(c, 'start-center')} />))
    .get('/service-requests', c =>
      c.html(<ListPage chrome={chromeOf(c, 'service-requests')} query={c.req.query()} />),
    )
    .get('/service-requests/new', c =>
      c.html(<FormPage chrome={chromeOf(c, 'new-service-request')} errors={gallery.errors} />),
    )
    .get('/service-requests/:id', c => c.html(<RecordPage chrome={chromeOf(c, 'service-requests')} />))
    .get('/log', c => c.html(<LogPage chrome={chromeOf(c, 'service-requests')} />))
    .get('/log/stream', c =>
      streamSSE(c, async stream => {
        gallery.streams.push(c.req.header('last-event-id') ?? null)
        if (gallery.streamsEndAtOnce) return
        open.add(stream)
        await new Promise<void>(resolve => stream.onAbort(resolve))
        open.delete(stream)
      }),
    )
    .post('/saved', async c => {
      gallery.saved.push((await c.req.parseBody()) as Record<string, string>)
      return c.redirect('/service-requests/2261', 303)
    })
    .post('/lookup/action', async c => {
      const { filter = '', ...typed } = (await c.req.parseBody()) as Record<string, string>
      const props = choices(chromeOf(c, 'new-service-request'), typed, filter)
      return c.html(
        c.req.header('hx-request') ? <SelectValueDialog {...props} /> : <SelectValuePage {...props} />,
      )
    })
    .post('/lookup/broken', c => c.html(<p>Something failed, in a page of its own.</p>, 500))
    .post('/form', async c => {
      const typed = (await c.req.parseBody()) as Record<string, string>
      return c.html(<FormPage chrome={chromeOf(c, 'new-service-request')} errors={{}} values={typed} />)
    })
}

async function staticFiles() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['public/css/app.css', 'public/js/app.ts'],
    entryNames: '[name]',
    outdir: 'out',
    bundle: true,
    format: 'esm',
    write: false,
  })
  const types = { '.css': 'text/css', '.js': 'text/javascript' }
  const app = new Hono()
  for (const file of outputFiles)
    app.get(`/${path.basename(file.path)}`, c =>
      c.body(file.text, 200, { 'Content-Type': types[path.extname(file.path) as keyof typeof types] }),
    )
  const htmx = path.relative(process.cwd(), path.join(root, 'node_modules/htmx.org/dist'))
  return app
    .get('/vendor/htmx.min.js', serveStatic({ path: `${htmx}/htmx.min.js` }))
    .get('/vendor/hx-sse.min.js', serveStatic({ path: `${htmx}/ext/hx-sse.min.js` }))
    .get(
      '/icons/*',
      serveStatic({
        root: path.relative(process.cwd(), path.join(root, 'public')),
        rewriteRequestPath: p => p.replace('/static', ''),
      }),
    )
}
