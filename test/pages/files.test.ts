import { mkdirSync, readdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { ownRoot } from '../../src/files/stores.ts'
import { paths } from '../../src/paths.ts'
import { accessNow, granted } from '../support/accesses.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { answerTo, openUploads, type Uploads } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const dev = '10000-DEV'

describe.each(engines)('Files of an asset (%s)', engine => {
  let world: World
  let uploads: Uploads
  let user01: Agent
  let user02: Agent
  let operator: Agent
  let access: number
  beforeAll(async () => {
    world = await createWorld(engine, { env: { UPLOAD_LIMIT: '3' } })
    uploads = await openUploads(world)
    user01 = await signIn(world, 'user01')
    user02 = await signIn(world, 'user02')
    operator = await signIn(world, 'operator')
    access = await granted(world.deps, { access_type: 'object-storage-file' })
  })
  afterAll(async () => {
    await uploads.close()
    await world.close()
  })

  const root = () => ownRoot(world.config, dev, 'files')
  const rowsOn = async (agent: Agent, folder = '') =>
    (await agent.get(paths.store(dev, 'files', { path: folder })))
      .table('Files table')
      .map(row => row.slice(0, 3))
  const trail = async () =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select(['actor_id', 'verb', 'detail'])
        .where('subject_type', '=', 'asset-store')
        .where('subject_id', '=', `${dev}/files`)
        .orderBy('id')
        .execute()
    ).map(row => `${row.actor_id} ${row.verb} ${row.detail}`)
  const setStatus = (status: 'APPROVED' | 'SUSPENDED' | 'REMOVED') =>
    world.deps.db.updateTable('accesses').set({ status }).where('id', '=', access).execute()

  test('who holds the access uploads a file, finds it in the list and downloads it', async () => {
    const empty = await user02.get(paths.store(dev, 'files'))
    expect([empty.heading, empty.text]).toEqual([
      `Files of ${dev}`,
      expect.stringContaining('No file is here yet.'),
    ])
    expect(empty.text).toContain('They are deleted 15 days after their last change.')
    const sent = await uploads.send(user02, { name: 'Prüfung.txt', type: 'text/plain', content: 'Hello' })
    expect([sent.status, sent.location]).toEqual([303, paths.store(dev, 'files')])
    expect(await rowsOn(user02)).toEqual([['Prüfung.txt', '5 bytes', 'text/plain']])
    const page = await user02.get(paths.store(dev, 'files'))
    const got = await user02.send('GET', page.link('Prüfung.txt'))
    expect([got.status, got.body]).toEqual([200, 'Hello'])
    expect(got.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="Pr_fung.txt"; filename*=UTF-8''Pr%C3%BCfung.txt`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'content-length': '5',
      'cache-control': 'no-store, no-transform',
    })
    expect(await trail()).toEqual([
      'USER02 file upload began {"name":"Prüfung.txt","type":"text/plain"}',
      'USER02 file uploaded {"name":"Prüfung.txt","bytes":5,"type":"text/plain"}',
      'USER02 file downloaded {"name":"Prüfung.txt","bytes":5}',
    ])
  })

  test('a download is taken up again where it broke off', async () => {
    const address = paths.storeDownload(dev, 'files', { path: 'Prüfung.txt' })
    const whole = await user02.send('GET', address)
    const etag = whole.headers.etag ?? ''
    const part = async (range: string, more = {}) => {
      const { status, body, headers } = await user02.send('GET', address, undefined, { range, ...more })
      return [status, body, headers['content-range']]
    }
    expect(await part('bytes=1-2')).toEqual([206, 'el', 'bytes 1-2/5'])
    expect(await part('bytes=3-', { 'if-range': etag })).toEqual([206, 'lo', 'bytes 3-4/5'])
    expect(await part('bytes=-2')).toEqual([206, 'lo', 'bytes 3-4/5'])
    expect(await part('bytes=3-', { 'if-range': '"another"' })).toEqual([200, 'Hello', undefined])
    expect((await part('bytes=5-'))[0]).toBe(416)
    expect(await part('lines=1-2')).toEqual([200, 'Hello', undefined])
  })

  test('nothing is replaced: a name that is taken gets a number', async () => {
    await uploads.send(user02, { name: 'Prüfung.txt', content: 'Another' })
    await uploads.send(user02, { name: 'Pru\u0308fung.txt', content: 'The same name, written otherwise' })
    expect((await rowsOn(user02)).map(row => row[0])).toEqual([
      'Prüfung (2).txt',
      'Prüfung (3).txt',
      'Prüfung.txt',
    ])
  })

  test('what a file is says its content; that it is not what it was sent as is told', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
    await uploads.send(user02, { name: 'report.pdf', type: 'application/pdf', content: png })
    await uploads.send(user02, { name: 'page.html', type: 'text/html', content: '<script>alert(1)</script>' })
    const types = new Map((await rowsOn(user02)).map(row => [row[0], row[2]]))
    expect([types.get('report.pdf'), types.get('page.html')]).toEqual(['image/png', 'text/plain'])
  })

  test('folders are made, gone into and uploaded to', async () => {
    const made = await user02.fillIn(paths.store(dev, 'files'), { 'Folder name': 'Month end' }, 'New Folder')
    expect([made.heading, made.flash]).toEqual(['Month end', 'The folder was made.'])
    await uploads.send(user02, { name: 'june.csv', type: 'text/csv', content: 'a,b', folder: 'Month end/' })
    expect(await rowsOn(user02, 'Month end/')).toEqual([['june.csv', '3 bytes', 'text/plain']])
    expect((await rowsOn(user02)).find(row => row[0] === 'Month end')?.[2]).toBe('folder')
    const again = await user02.fillIn(paths.store(dev, 'files'), { 'Folder name': 'Month end' }, 'New Folder')
    expect([again.status, again.errorOf('Folder name')]).toEqual([
      422,
      'There is something called Month end already.',
    ])
    const nowhere = await uploads.send(user02, { name: 'x', content: 'x', folder: 'gone/' })
    expect([nowhere.status, nowhere.text]).toEqual([404, expect.stringContaining('no such folder')])
  })

  test.each([
    ['..', 'end with a dot'],
    ['a\u202egpj.exe', 'can’t be seen'],
    ['a∕b', 'what looks like one'],
    ['con.txt', 'keep for themselves'],
    ['.gatehouse', 'keep for themselves'],
    ['a:b', 'not every system can store'],
    ['x'.repeat(256), 'too long'],
    ['', 'Give it a name'],
  ])('%j is no name for a folder, nor for a file', async (name, words) => {
    const page = await user02.fillIn(paths.store(dev, 'files'), { 'Folder name': name }, 'New Folder')
    expect([page.status, page.errorOf('Folder name')]).toEqual([422, expect.stringContaining(words)])
    // Of these a sender leaves nothing.
    if (name === '' || name === '..') return
    const sent = await uploads.send(user02, { name, content: 'x' })
    expect([sent.status, sent.errorOf('File')]).toEqual([422, expect.stringContaining(words)])
  })

  test('a form without a file, and one that is no form', async () => {
    const none = await uploads.send(user02, { name: '', content: '' })
    expect([none.status, none.errorOf('File')]).toEqual([422, 'Choose a file first.'])
    await user02.get(paths.store(dev, 'files'))
    expect((await user02.post(paths.filesUpload(dev))).status).toBe(422)
  })

  describe('too large', () => {
    const large = () => Buffer.alloc(3 * 1024 * 1024 + 1)

    test('is said while it arrives, and nothing of it is kept', async () => {
      const sent = await uploads.send(user02, { name: 'large.bin', content: large() })
      expect([sent.status, sent.heading]).toEqual([413, 'This file is too large'])
      expect(sent.text).toContain('A file may have up to 3 MiB here. Nothing was stored.')
      expect(readdirSync(path.join(root(), '.gatehouse'))).toEqual([])
      expect((await trail()).at(-1)).toContain('file upload failed {"name":"large.bin"')
    })

    test('is said before anything is read, when its length is told', async () => {
      const before = (await trail()).length
      const sending = await uploads.begin(user02, { name: 'huge', content: 'x', length: 5 * 2 ** 30 })
      const answer = await new Promise<number | undefined>(resolve =>
        sending.on('response', response => resolve(response.statusCode)),
      )
      sending.destroy()
      expect([answer, (await trail()).length]).toEqual([413, before])
    })

    test('as large as allowed is not', async () => {
      const sent = await uploads.send(user02, { name: 'just.bin', content: large().subarray(1) })
      expect(sent.status).toBe(303)
    })
  })

  describe('for nobody else', () => {
    test('who holds no access is told what to request', async () => {
      const page = await user01.get(paths.store(dev, 'files'))
      expect([page.status, page.text]).toEqual([
        403,
        expect.stringContaining('Request Object Storage File Access'),
      ])
      const download = paths.storeDownload(dev, 'files', { path: 'Prüfung.txt' })
      expect((await user01.send('GET', download)).status).toBe(403)
      expect((await uploads.send(user01, { name: 'x', content: 'x' })).status).toBe(403)
    })

    test('file access opens neither the logs nor another asset', async () => {
      expect((await user02.get(paths.store(dev, 'logs'))).status).toBe(403)
      expect((await user02.get(paths.store('10000-TST', 'files'))).status).toBe(403)
      expect((await user02.get(paths.store('20000-DEV', 'files'))).status).toBe(404)
      expect((await uploads.send(user02, { name: 'x', content: 'x', asset: '20000-DEV' })).status).toBe(404)
    })

    test('a stranger is asked to sign in, and nothing is read', async () => {
      const sent = await uploads.send(visitor(world), { name: 'x', content: 'x' })
      expect([sent.status, sent.location?.split('?')[0]]).toEqual([303, paths.signIn()])
    })

    test.each([
      ['no token', { csrf: null }],
      ['somebody else’s token', { csrf: 'theirs' }],
      ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }],
      ['an origin that is not ours', { headers: { 'sec-fetch-site': '', origin: 'https://evil.example' } }],
    ])('with %s nothing is stored', async (_title, over) => {
      const before = await rowsOn(user02)
      const csrf = 'csrf' in over && over.csrf ? (await user01.get(paths.forgotten())).csrf : undefined
      const sent = await uploads.send(user02, {
        name: 'evil.txt',
        content: 'x',
        ...over,
        ...(csrf && { csrf }),
      })
      expect([sent.status, sent.heading]).toEqual([403, 'This form was not accepted'])
      expect(await rowsOn(user02)).toEqual(before)
    })

    test('a token that comes after the file is too late', async () => {
      const before = await rowsOn(user02)
      const token = (await user02.get(paths.forgotten())).csrf
      const sending = await uploads.begin(user02, { name: 'late.txt', content: 'x', csrf: null })
      const late = `\r\n------a-boundary-of-the-tests\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${token}`
      expect((await answerTo(sending, late)).status).toBe(403)
      expect(await rowsOn(user02)).toEqual(before)
    })

    test.each(['SUSPENDED', 'REMOVED'] as const)(
      'an access that is %s opens nothing any more',
      async status => {
        await setStatus(status)
        expect((await user02.get(paths.store(dev, 'files'))).status).toBe(403)
        const download = paths.storeDownload(dev, 'files', { path: 'Prüfung.txt' })
        expect((await user02.send('GET', download)).status).toBe(403)
        await setStatus('APPROVED')
        expect((await user02.send('GET', download)).status).toBe(200)
      },
    )

    test.each([
      ['the access is taken away', () => setStatus('SUSPENDED'), () => setStatus('APPROVED'), 403],
      [
        'the person is deactivated',
        () =>
          world.deps.db
            .updateTable('persons')
            .set({ status: 'INACTIVE' })
            .where('id', '=', 'USER02')
            .execute(),
        () =>
          world.deps.db.updateTable('persons').set({ status: 'ACTIVE' }).where('id', '=', 'USER02').execute(),
        303,
      ],
    ])('a file that is under way counts for nothing when %s', async (_title, happens, undone, status) => {
      const before = await rowsOn(operator)
      const sending = await uploads.begin(user02, { name: 'slow.txt', content: 'x'.repeat(100_000) })
      await expect.poll(async () => (await trail()).at(-1)).toContain('file upload began {"name":"slow.txt"')
      await happens()
      expect((await answerTo(sending)).status).toBe(status)
      await undone()
      user02 = await signIn(world, 'user02')
      expect(await rowsOn(operator)).toEqual(before)
      expect((await trail()).at(-1)).toContain('the right to do it has ended')
      expect(readdirSync(path.join(root(), '.gatehouse'))).toEqual([])
    })

    test('a file whose sender breaks off leaves nothing', async () => {
      const sending = await uploads.begin(user02, { name: 'broken.txt', content: 'x'.repeat(100_000) })
      await expect
        .poll(async () => (await trail()).at(-1))
        .toContain('file upload began {"name":"broken.txt"')
      sending.destroy()
      await expect.poll(async () => (await trail()).at(-1)).toContain('its sender broke off')
      expect(readdirSync(path.join(root(), '.gatehouse'))).toEqual([])
      expect((await rowsOn(operator)).map(row => row[0])).not.toContain('broken.txt')
    })
  })

  describe('operators', () => {
    test('see, upload and download without an access; it is written down', async () => {
      expect((await rowsOn(operator)).map(row => row[0])).toContain('Prüfung.txt')
      expect((await uploads.send(operator, { name: 'by operator.txt', content: 'x' })).status).toBe(303)
      await operator.send('GET', paths.storeDownload(dev, 'files', { path: 'by operator.txt' }))
      expect((await trail()).at(-1)).toBe('OPERATOR01 file downloaded {"name":"by operator.txt","bytes":1}')
    })

    test('delete a file, and nobody else does', async () => {
      const address = paths.storeDelete(dev, 'files', { path: 'by operator.txt' })
      expect((await user02.get(address)).status).toBe(403)
      const asked = await operator.get(address)
      expect(asked.heading).toBe('Delete by operator.txt?')
      const done = await operator.press(asked, 'Delete file')
      expect([done.heading, done.flash]).toEqual([`Files of ${dev}`, 'by operator.txt was deleted.'])
      expect(await rowsOn(operator)).not.toContain('by operator.txt')
      expect((await operator.post(address)).status).toBe(404)
    })

    test('prove again who they are before they put anything there', async () => {
      world.clock.advance(minutes(16))
      const sent = await uploads.send(operator, { name: 'x.txt', content: 'x' })
      expect([sent.status, sent.location?.split('?')[0]]).toEqual([303, paths.identify()])
    })
  })

  const onceOnly = engine === 'sqlite' ? test : () => undefined
  onceOnly('thousands of files: page by page, filtered and sorted', async () => {
    const many = path.join(root(), 'many')
    mkdirSync(many)
    for (let i = 0; i < 2500; i++) writeFileSync(path.join(many, `${String(i).padStart(5, '0')}.log`), '')
    writeFileSync(path.join(many, '00500.log'), 'x'.repeat(2000))
    utimesSync(path.join(many, '00500.log'), 1_000_000, 1_000_000)
    const page = await user02.get(paths.store(dev, 'files', { path: 'many/' }))
    expect(page.text).toContain('1 - 25 of 2,500')
    const next = await user02.get(page.link('Next page'))
    expect([next.table('Files table')[0]?.[0], next.heading]).toEqual(['00025.log', 'many'])
    const found = await user02.fillIn(page, { 'Filter by Name': '0500.' }, 'Apply')
    expect(found.table('Files table').map(row => row[0])).toEqual(['00500.log'])
    const sorted = await user02.get(page.link('Size'))
    const largest = await user02.get(sorted.link('Size'))
    expect(largest.table('Files table')[0]?.slice(0, 2)).toEqual(['00500.log', '2 KiB'])
    const oldest = await user02.get(page.link('Modified'))
    expect(oldest.table('Files table')[0]?.[0]).toBe('00500.log')
  })

  test('a name with a line break or a change of direction is shown harmlessly and downloaded safely', async () => {
    const strange = 'bad\n\u202egnp.exe"<b>'
    writeFileSync(path.join(root(), strange), 'strange')
    const page = await user02.get(paths.store(dev, 'files', { name: '<b>' }))
    const shown = 'bad‹U+000A›‹U+202E›gnp.exe"<b>'
    expect(page.table('Files table').map(row => row[0])).toEqual([shown])
    const got = await user02.send('GET', page.link(shown))
    expect([got.body, got.headers['content-disposition']]).toEqual([
      'strange',
      `attachment; filename="bad__gnp.exe__b_"; filename*=UTF-8''bad__gnp.exe__b_`,
    ])
    const asked = await operator.get(paths.storeDelete(dev, 'files', { path: strange }))
    expect(asked.text).toContain(shown)
  })

  test.each(['../../../etc/passwd', '/etc/passwd', '..', '%2e%2e/x', 'Prüfung.txt/../../x'])(
    '%s leads nowhere',
    async way => {
      for (const address of [
        paths.storeDownload(dev, 'files', { path: way }),
        paths.store(dev, 'files', { path: way }),
      ])
        expect((await user02.get(address)).status).toBe(404)
    },
  )

  test('a download that can’t be written down is none, and keeps no file open', async () => {
    const rename = (from: string, to: string) =>
      sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(world.deps.db)
    const link = (await user02.get(paths.store(dev, 'files'))).link('Prüfung.txt')
    await rename('audit_events', 'audit_away')
    try {
      expect((await user02.send('GET', link)).status).toBe(500)
    } finally {
      await rename('audit_away', 'audit_events')
    }
    const open = readdirSync('/proc/self/fd').map(fd => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return ''
      }
    })
    expect(open.filter(place => place.startsWith(root()))).toEqual([])
    expect((await user02.send('GET', link)).body).toBe('Hello')
  })

  test('the database tells nothing of what stands in them', async () => {
    expect(readFileSync(path.join(root(), 'Prüfung.txt'), 'utf8')).toBe('Hello')
    expect((await trail()).join()).not.toContain('Hello')
    expect((await accessNow(world, access)).status).toBe('APPROVED')
  })
})
