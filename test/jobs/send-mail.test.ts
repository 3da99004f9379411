import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { days, hours } from '../../src/clock.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { forgetOldLinks } from '../../src/mail/forget-links.ts'
import { resendMail } from '../../src/mail/mails.ts'
import { enqueueMail, mailAttempts } from '../../src/mail/outbox.ts'
import { sendMail } from '../../src/mail/send-mail.ts'
import { smtpOptions } from '../../src/mail/transport.ts'
import { engines } from '../support/engines.ts'
import { type MailServer, startMailServer } from '../support/smtp.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const link = 'https://portal.example.com/link/secret-token'

describe.each(engines)('Mails are sent by the worker (%s)', engine => {
  let server: MailServer
  let world: World
  beforeAll(async () => {
    server = await startMailServer()
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    world = await createWorld(engine, {
      env: { SMTP_URL: server.url, MAIL_FROM: 'Portal <portal@example.com>' },
    })
  })
  afterEach(() => world.close())

  const write = (toAddress = 'user01@example.com') =>
    world.deps.db.transaction().execute(tx =>
      enqueueMail(tx, world.deps, {
        toAddress,
        toPerson: 'USER01',
        template: 'first-sign-in',
        subject: 'Grüße aus dem Portal\r\nBcc: evil@example.com',
        body: 'Hello,\n\nopen\n\n{{link}}\n\nplease.\n\n.\nBye ä',
        link,
      }),
    )
  const mail = async () => (await world.mails())[0]

  test('over TLS, with the link in its place, which is then forgotten here', async () => {
    await write()
    expect(await mail()).toMatchObject({ state: 'queued', link })
    await workOff(world)
    const received = await server.next()
    expect(received).toMatchObject({ from: 'portal@example.com', to: ['user01@example.com'], secure: true })
    expect(received.raw.replace(/=\r\n/g, '')).toContain(link)
    expect(received.headers.subject).not.toContain('\n')
    expect(received.headers.bcc).toBeUndefined()
    expect(received.headers['auto-submitted']).toBe('auto-generated')
    const stored = await mail()
    expect(received.headers['message-id']).toBe(`<${stored?.message_id}>`)
    expect(stored).toMatchObject({ state: 'sent', link: null, attempts: 1, last_error: null })
    expect(stored?.sent_at).toBe(world.clock.instant())
  })

  test('a temporary refusal is tried again later, with the same Message-ID', async () => {
    await write()
    server.refuse(1, 451)
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'queued', attempts: 1, link })
    expect((await mail())?.last_error).toContain('Try again later')
    world.clock.advance(hours(1))
    await workOff(world)
    const received = await server.next()
    expect(received.headers['message-id']).toBe(`<${(await mail())?.message_id}>`)
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 2, link: null, last_error: null })
  })

  test('a worker lost after the server took the mail: it comes again, known by its Message-ID', async () => {
    await write()
    const job = {
      id: 1,
      name: 'send mail',
      payload: { mailId: (await mail())?.id },
      attempts: 1,
      maxAttempts: mailAttempts,
      previousWorkerId: null,
      lease: lostAfter(1),
    }
    await expect(sendMail(world.deps, job)).rejects.toThrow('lost')
    expect(await mail()).toMatchObject({ state: 'queued', link })
    await workOff(world)
    const [first, second] = [await server.next(), await server.next()]
    expect(second.headers['message-id']).toBe(first.headers['message-id'])
    expect(await mail()).toMatchObject({ state: 'sent' })
  })

  test('refused for good: failed at once, and sent again when an operator says so', async () => {
    await write()
    server.refuse(1, 550)
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'failed', attempts: 1, link })
    expect(await resendMail(world.deps, world.actor('OPERATOR01'), (await mail())?.id ?? 0)).toMatchObject({
      ok: true,
    })
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'sent', link: null })
    expect((await server.next()).to).toEqual(['user01@example.com'])
    expect(await resendMail(world.deps, world.actor('OPERATOR01'), (await mail())?.id ?? 0)).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
  })

  test('never taken: failed after the last attempt, with the reason', async () => {
    await write()
    server.refuse(1, 451)
    await world.deps.db
      .updateTable('jobs')
      .set({ attempts: mailAttempts - 1 })
      .execute()
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'failed', link })
    expect((await mail())?.last_error).toContain('Try again later')
  })

  test('a wrong password for the server is ours to mend: no mail fails because of it', async () => {
    await world.close()
    world = await createWorld(engine, { env: { SMTP_URL: server.url.replace('mail-password', 'wrong') } })
    await write()
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'queued', attempts: 1, link })
    expect((await mail())?.last_error).not.toContain('wrong@')
  })

  test('a link that nobody could use any more is forgotten', async () => {
    await write()
    await world.deps.db.updateTable('mails').set({ state: 'kept' }).execute()
    await forgetOldLinks(world.deps)
    expect(await mail()).toMatchObject({ link })
    world.clock.advance(days(7) + 1)
    await forgetOldLinks(world.deps)
    expect(await mail()).toMatchObject({ link: null, state: 'kept' })
  })

  test('when the server is taken out of the configuration, what waits is kept to be read', async () => {
    await write()
    world.deps.config = { ...world.deps.config, SMTP_URL: undefined }
    await workOff(world)
    expect(await mail()).toMatchObject({ state: 'kept', link })
  })
})

describe('The address of the mail server', () => {
  test('TLS is wanted everywhere but on this machine, and can be given up expressly', () => {
    expect(smtpOptions('smtp://mail.example.com')).toMatchObject({
      port: 587,
      secure: false,
      requireTLS: true,
    })
    expect(smtpOptions('smtps://mail.example.com')).toMatchObject({ port: 465, secure: true })
    expect(smtpOptions('smtp://127.0.0.1:2525')).toMatchObject({
      port: 2525,
      requireTLS: false,
      ignoreTLS: false,
    })
    expect(smtpOptions('smtp://relay.lan:25?ignoreTLS=true')).toMatchObject({
      requireTLS: false,
      ignoreTLS: true,
    })
    expect(smtpOptions('smtp://a%40b:p%25@h')).toMatchObject({ auth: { user: 'a@b', pass: 'p%' } })
  })

  test.each([
    'mail.example.com',
    'https://mail.example.com',
    'smtp://?host',
    'smtp://u:%zz@mail.example.com',
  ])('%s is refused when the portal starts, without telling the secret', address => {
    const reading = () => readConfig({ SMTP_URL: address })
    expect(reading).toThrow(ConfigError)
    expect(reading).not.toThrow(address)
  })
})

/** A lease that holds for so many commits. */
function lostAfter(commits: number) {
  let left = commits
  return {
    jobId: 1,
    fence: 1,
    workerId: 'lost',
    host: 'here',
    signal: new AbortController().signal,
    handingOver: false,
    remainingMs: () => 1000,
    guard: async () => {
      left -= 1
      if (left < 0) throw new Error('This worker was lost.')
    },
  }
}
