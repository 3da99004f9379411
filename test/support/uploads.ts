import { once } from 'node:events'
import { type ClientRequest, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { getRequestListener } from '@hono/node-server'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import type { Agent } from './agent.ts'
import { ShownPage } from './shown-page.ts'
import type { World } from './world.ts'

type Content = string | Buffer | AsyncIterable<Buffer>

export interface FileToSend {
  name: string
  type?: string
  content: Content
  folder?: string
  asset?: string
  /** Instead of the token of the page. */
  csrf?: string | null
  headers?: Readonly<Record<string, string>>
  /** Announces its length. */
  length?: number
}

export interface Uploads {
  /** As a browser sends the form; the answer, nothing followed. */
  send(agent: Agent, file: FileToSend): Promise<ShownPage>
  /** The same, up to the end of the file's beginning. */
  begin(agent: Agent, file: FileToSend): Promise<ClientRequest>
  /** A file as it comes, piece by piece. */
  download(agent: Agent, file: { path: string }): Promise<AsyncIterable<Buffer>>
  close(): Promise<void>
}

const boundary = '----a boundary of the tests'.replaceAll(' ', '-')

/** The portal of a world, and browsers that send it files. */
export async function openUploads(world: World): Promise<Uploads> {
  const server = createServer(getRequestListener(createApp(world.deps).fetch))
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function open(agent: Agent, file: FileToSend): Promise<{ sending: ClientRequest; head: string }> {
    const { asset = '10000-DEV', folder = '', csrf } = file
    const token = csrf === undefined ? (await agent.get(paths.forgotten())).csrf : csrf
    const head = [
      ...(token === null ? [] : [`--${boundary}`, 'Content-Disposition: form-data; name="csrf"', '', token]),
      `--${boundary}`,
      `Content-Disposition: form-data; name="file"; filename="${file.name}"`,
      `Content-Type: ${file.type ?? 'application/octet-stream'}`,
      '',
      '',
    ].join('\r\n')
    const sending = request({
      port,
      method: 'POST',
      path: paths.filesUpload(asset, { path: folder }),
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'sec-fetch-site': 'same-origin',
        cookie: [...agent.cookies].map(pair => pair.join('=')).join('; '),
        ...(file.length !== undefined && { 'content-length': file.length }),
        ...file.headers,
      },
    })
    return { sending, head }
  }

  return {
    async send(agent, file) {
      const { sending, head } = await open(agent, file)
      const answered = once(sending, 'response') as Promise<[IncomingMessage]>
      const end = `\r\n--${boundary}--\r\n`
      // An answer may come before all was sent.
      sending.on('error', () => {})
      Readable.from(body(head, file.content, end)).pipe(sending)
      const [answer] = await answered
      return shown(sending.path, answer)
    },
    async begin(agent, file) {
      const { sending, head } = await open(agent, file)
      sending.on('error', () => {})
      sending.write(head)
      if (typeof file.content === 'string' || Buffer.isBuffer(file.content)) sending.write(file.content)
      return sending
    },
    async download(agent, file) {
      const cookie = [...agent.cookies].map(pair => pair.join('=')).join('; ')
      const asking = request({
        port,
        path: paths.storeDownload('10000-DEV', 'files', file),
        headers: { cookie },
      })
      asking.end()
      const [answer] = (await once(asking, 'response')) as [IncomingMessage]
      return answer
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function* body(head: string, content: Content, end: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head)
  if (typeof content === 'string' || Buffer.isBuffer(content)) yield Buffer.from(content)
  else yield* content
  yield Buffer.from(end)
}

/** The answer of a request that was begun. */
export async function answerTo(sending: ClientRequest, rest = ''): Promise<ShownPage> {
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>
  sending.end(`${rest}\r\n--${boundary}--\r\n`)
  const [answer] = await answered
  return shown(sending.path, answer)
}

const shown = async (path: string, answer: IncomingMessage) =>
  new ShownPage(path, answer.statusCode ?? 0, answer.headers as Record<string, string>, await text(answer))
