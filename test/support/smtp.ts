import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { testCertificate, testKey } from './certificate.ts'

export interface ReceivedMail {
  from: string
  to: string[]
  /** Header by lower-cased name, unfolded. */
  headers: Readonly<Record<string, string>>
  /** All that was sent, headers included. */
  raw: string
  /** Sent over TLS, after signing in. */
  secure: boolean
}

export interface MailServer {
  /** For SMTP_URL. From now on this process trusts its certificate. */
  url: string
  received: readonly ReceivedMail[]
  /** The next mail that has not been asked for yet; waits for it. */
  next(): Promise<ReceivedMail>
  /** Answers the next mails with this code instead of taking them. */
  refuse(times: number, code?: number): void
  close(): Promise<void>
}

const user = 'gatehouse'
const password = 'mail-password'

/** A real SMTP server that wants STARTTLS and a password and keeps what it is sent. */
export async function startMailServer(): Promise<MailServer> {
  const mailbox = createMailbox()
  setDefaultCACertificates([...getCACertificates(), testCertificate])
  const server = new SMTPServer({
    key: testKey,
    cert: testCertificate,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: (auth, _session, done) =>
      auth.username === user && auth.password === password
        ? done(null, { user })
        : done(new Error('Wrong user or password')),
    onData: (stream, session, done) => {
      void text(stream).then(raw => done(mailbox.take(raw, session)))
    },
  })
  // A client that goes away in the middle is part of the tests.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://${user}:${password}@127.0.0.1:${port}`,
    received: mailbox.received,
    next: mailbox.next,
    refuse: mailbox.refuse,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

function createMailbox() {
  const received: ReceivedMail[] = []
  const waiting: ((mail: ReceivedMail) => void)[] = []
  let asked = 0
  let refusing = { times: 0, code: 451 }
  const take = (raw: string, session: SMTPServerSession): Error | null => {
    if (refusing.times > 0) {
      refusing.times -= 1
      return Object.assign(new Error('Try again later'), { responseCode: refusing.code })
    }
    const mail = mailOf(raw, session)
    received.push(mail)
    waiting.shift()?.(mail)
    return null
  }
  const next = () => {
    const mail = received[asked++]
    return mail ? Promise.resolve(mail) : new Promise<ReceivedMail>(resolve => waiting.push(resolve))
  }
  const refuse = (times: number, code = 451) => {
    refusing = { times, code }
  }
  return { received, take, next, refuse }
}

const mailOf = (raw: string, { envelope, secure }: SMTPServerSession): ReceivedMail => ({
  from: envelope.mailFrom ? envelope.mailFrom.address : '',
  to: envelope.rcptTo.map(address => address.address),
  headers: headersOf(raw),
  raw,
  secure,
})

function headersOf(raw: string): Record<string, string> {
  const [head = ''] = raw.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return Object.fromEntries(
    lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
}
