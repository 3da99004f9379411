import pg from 'pg'
import type { Logger } from 'pino'
import { newId } from '../ids.ts'
import type { Carrier, Receiver } from './carrier.ts'

const channel = 'gatehouse'
/** PostgreSQL refuses 8,000 bytes and more. */
const payloadLimit = 7_900
const firstRetryMs = 100
const longestRetryMs = 10_000
/** Finds out that the connection is gone although nobody said so. */
const pingMs = 30_000
const answerMs = 10_000

/**
 * LISTEN and NOTIFY on a connection of their own: never waiting for a free one of the pool. Payload: who says it, then
 * one topic a line. What is said while the connection is away goes out when it is back.
 */
export function listenAndNotify(options: pg.ClientConfig, log: Logger, receiver: Receiver): Carrier {
  return new Connection(options, log, receiver)
}

class Connection implements Carrier {
  readonly ready: Promise<void>
  readonly #id = newId()
  readonly #options: pg.ClientConfig
  readonly #log: Logger
  readonly #receiver: Receiver
  readonly #unsent = new Set<string>()
  readonly #ping: NodeJS.Timeout
  #retry: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  /** Connecting or connected; the only one whose events count. */
  #client: pg.Client | undefined
  #listening = false
  #sending: Promise<void> | undefined
  #closed = false
  #becomeReady = () => {}

  constructor(options: pg.ClientConfig, log: Logger, receiver: Receiver) {
    this.#options = { ...options, application_name: 'gatehouse signals', query_timeout: answerMs }
    this.#log = log
    this.#receiver = receiver
    this.ready = new Promise(resolve => {
      this.#becomeReady = resolve
    })
    this.#ping = setInterval(() => void this.#checkAlive(), pingMs)
    void this.#connect()
  }

  send(topic: string): void {
    this.#unsent.add(topic)
    this.#sending ??= this.#sendAll()
  }

  async close(): Promise<void> {
    await this.#sending
    this.#closed = true
    clearInterval(this.#ping)
    clearTimeout(this.#retry)
    this.#becomeReady()
    await this.#client?.end().catch(() => {})
  }

  async #connect() {
    const client = new pg.Client(this.#options)
    this.#client = client
    client.on('error', error => this.#lost(client, error))
    client.on('end', () => this.#lost(client, new Error('The connection was closed.')))
    client.on('notification', ({ payload }) => this.#received(payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
      this.#connected()
    } catch (error) {
      this.#lost(client, error)
    }
  }

  #connected() {
    this.#listening = true
    this.#retryMs = firstRetryMs
    this.#becomeReady()
    this.#receiver.mayHaveMissed()
    this.#sending ??= this.#sendAll()
  }

  #lost(client: pg.Client, error: unknown) {
    if (client !== this.#client || this.#closed) return
    this.#client = undefined
    this.#listening = false
    void client.end().catch(() => {})
    this.#log.warn({ err: error }, 'signals from other processes are interrupted; connecting again')
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs * (0.5 + Math.random() / 2))
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2)
  }

  #received(payload: string) {
    const [sender, ...topics] = payload.split('\n')
    if (sender !== this.#id) for (const topic of topics) this.#receiver.heard(topic)
  }

  /** What is said in one turn, or while a message is on its way, goes out together. */
  async #sendAll() {
    await Promise.resolve()
    while (this.#client && this.#listening && this.#unsent.size > 0) await this.#sendSome(this.#client)
    this.#sending = undefined
  }

  async #sendSome(client: pg.Client) {
    const topics = this.#takeUnsent()
    try {
      await client.query('select pg_notify($1, $2)', [channel, [this.#id, ...topics].join('\n')])
    } catch (error) {
      for (const topic of topics) this.#unsent.add(topic)
      this.#lost(client, error)
    }
  }

  #takeUnsent(): string[] {
    const topics: string[] = []
    let room = payloadLimit - this.#id.length
    for (const topic of this.#unsent) {
      room -= Buffer.byteLength(topic) + 1
      if (room < 0 && topics.length > 0) break
      topics.push(topic)
      this.#unsent.delete(topic)
    }
    return topics
  }

  async #checkAlive() {
    const client = this.#client
    if (!client || !this.#listening) return
    try {
      await client.query('select 1')
    } catch (error) {
      this.#lost(client, error)
    }
  }
}
