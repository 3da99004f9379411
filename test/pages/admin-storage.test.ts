import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { days } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, type Filling, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { bucketOf, type S3Server, startS3 } from '../support/s3-server.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { openUploads, type Uploads } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const dev = '10000-DEV'

describe.each(engines)('Object storage of an asset, set up by operators (%s)', engine => {
  let world: World
  let s3: S3Server
  let uploads: Uploads
  let operator: Agent
  let user02: Agent
  let bucket: Filling
  beforeAll(async () => {
    world = await createWorld(engine)
    s3 = await startS3()
    uploads = await openUploads(world)
    operator = await signIn(world, 'operator')
    user02 = await signIn(world, 'user02')
    await granted(world.deps, { access_type: 'object-storage-file' })
    await granted(world.deps, { access_type: 'object-storage-log' })
    const { region } = bucketOf(s3)
    bucket = {
      'Kept in': 'S3 bucket',
      Address: s3.url,
      Region: region,
      Bucket: s3.bucket,
      'The bucket stands in the path': true,
      'Access key ID': s3.accessKeyId,
      'Secret access key': s3.secretAccessKey,
    }
  })
  afterAll(async () => {
    await uploads.close()
    await s3.close()
    await world.close()
  })

  const files = paths.adminAssetStorage(dev, { store: 'files' })
  const logs = paths.adminAssetStorage(dev, { store: 'logs' })
  const save = (at: string | ShownPage, filling: Filling) => operator.fillIn(at, filling, 'Save')
  const attempt = (at: string, filling: Filling) => operator.fillIn(at, filling, 'Try it')
  const stored = (store: 'files' | 'logs') =>
    world.deps.db
      .selectFrom('asset_stores')
      .selectAll()
      .where('asset_id', '=', dev)
      .where('store', '=', store)
      .executeTakeFirst()
  const trail = async () =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select('detail')
        .where('verb', '=', 'store changed')
        .orderBy('id')
        .execute()
    ).map(row => JSON.parse(row.detail) as Record<string, unknown>)

  test('without anything set up, both are folders of the portal', async () => {
    const page = await operator.get(paths.adminAsset(dev))
    const storage = await operator.get(page.link('Object storage'))
    expect([storage.field('Kept in'), storage.field('Days kept'), storage.field('Offered')]).toEqual([
      'Local folder',
      '15',
      true,
    ])
    expect(storage.text).toContain(path.join(world.config.DATA_DIR, 'files', dev, 'files'))
    const other = await operator.get(storage.link('Set up the logs instead'))
    expect(other.field('Days kept')).toBe('30')
    const tried = await attempt(files, {})
    expect(tried.text).toContain('It works')
    expect(tried.text).toContain('A file can be written.')
    expect(await stored('files')).toBeUndefined()
  })

  test('a bucket is tried, saved, and used', async () => {
    const tried = await attempt(files, bucket)
    expect([tried.text.includes('It works'), tried.text.includes('The connection is not encrypted')]).toEqual(
      [true, true],
    )
    expect([s3.objects.size, tried.body.includes(s3.secretAccessKey)]).toEqual([0, false])
    const saved = await save(files, bucket)
    expect(saved.flash).toBe(`The files of ${dev} were saved.`)
    expect([saved.field('Prefix'), saved.body.includes(s3.secretAccessKey)]).toEqual([`${dev}/files/`, false])
    expect(saved.text).toContain('Never shown again. Empty: it stays as it is (one is stored).')
    await uploads.send(user02, { name: 'june.csv', type: 'text/csv', content: 'a,b' })
    const object = s3.objects.get(`${dev}/files/june.csv`)
    expect([String(object?.content), object?.type]).toEqual(['a,b', 'text/plain'])
    const page = await user02.get(paths.store(dev, 'files'))
    expect(page.table('Files table')[0]?.slice(0, 3)).toEqual(['june.csv', '3 bytes', 'text/plain'])
    expect((await user02.send('GET', page.link('june.csv'))).body).toBe('a,b')
    await uploads.send(user02, { name: 'june.csv', content: 'another' })
    expect(s3.objects.has(`${dev}/files/june (2).csv`)).toBe(true)
  })

  test('its key is in the vault, and in no audit row', async () => {
    const row = await stored('files')
    expect(row?.credential_secret_id).not.toBeNull()
    const all = JSON.stringify([await trail(), row])
    expect(all).not.toContain(s3.secretAccessKey)
    expect((await trail())[0]).toMatchObject({ kind: 's3', bucket: s3.bucket, key: 'stored anew' })
  })

  test('saved again without a key it keeps the one it has; with one it has that', async () => {
    const before = (await stored('files'))?.credential_secret_id
    await save(files, { 'Days kept': '20' })
    expect((await stored('files'))?.credential_secret_id).toBe(before)
    expect((await trail()).at(-1)).toEqual({ retention_days: [15, 20] })
    await save(files, { 'Secret access key': 'wrong' })
    const page = await user02.get(paths.store(dev, 'files'))
    expect([page.status, page.text]).toEqual([
      502,
      expect.stringContaining('does not accept the portal’s key'),
    ])
    expect((await uploads.send(user02, { name: 'x', content: 'x' })).status).toBe(502)
    const tried = await attempt(files, { 'Secret access key': s3.secretAccessKey })
    expect(tried.text).toContain('Type the secret access key once more before you save')
    const file = `${world.config.DATA_DIR}.key`
    writeFileSync(file, s3.secretAccessKey)
    await save(files, { 'Reference to the secret access key': `file:${file}` })
    expect(await stored('files')).toMatchObject({ credential: `file:${file}`, credential_secret_id: null })
    expect(await world.deps.db.selectFrom('secrets').select('id').execute()).toEqual([])
    expect((await user02.get(paths.store(dev, 'files'))).status).toBe(200)
  })

  test('downloads come from the store itself where it is set so, but for what a browser would take elsewhere', async () => {
    await save(files, { Downloads: 'From the store' })
    const answer = await user02.send('GET', paths.storeDownload(dev, 'files', { path: 'june.csv' }))
    expect([
      answer.status,
      answer.location?.startsWith(`${s3.url}/${s3.bucket}/${dev}/files/june.csv?`),
    ]).toEqual([303, true])
    const got = await fetch(answer.location ?? '')
    expect([await got.text(), got.headers.get('content-disposition')]).toEqual([
      'a,b',
      `attachment; filename="june.csv"; filename*=UTF-8''june.csv`,
    ])
    s3.objects.set(`${dev}/files/../../etc/passwd`, {
      content: Buffer.from('an object'),
      type: 'text/html',
      modified: new Date(),
      etag: 'e',
    })
    const list = await user02.get(paths.store(dev, 'files'))
    const up = await user02.get(list.link('..'))
    const upper = await user02.get(up.link('..'))
    const etc = await user02.get(upper.link('etc'))
    expect(etc.table('Files table')[0]?.slice(0, 3)).toEqual([
      'passwd',
      '9 bytes',
      'application/octet-stream',
    ])
    const passwd = await user02.send('GET', etc.link('passwd'))
    expect([passwd.status, passwd.headers['content-type']]).toEqual([200, 'application/octet-stream'])
    const content = await uploads.download(user02, { path: '../../etc/passwd' })
    expect(await text(content as Readable)).toBe('an object')
    expect((await uploads.send(user02, { name: 'x', content: 'x', folder: '../' })).status).toBe(422)
  })

  test('a store that does not answer is told, and written down when a file was on its way', async () => {
    s3.trouble = ({ method }) => (method === 'PUT' ? { status: 500, code: 'InternalError' } : undefined)
    const sent = await uploads.send(user02, { name: 'lost.txt', content: 'x' })
    s3.trouble = undefined
    expect([sent.status, sent.text]).toEqual([
      502,
      expect.stringContaining('The object store has trouble of its own.'),
    ])
    const last = await world.deps.db
      .selectFrom('audit_events')
      .select(['verb', 'detail'])
      .where('subject_type', '=', 'asset-store')
      .orderBy('id', 'desc')
      .executeTakeFirst()
    expect([last?.verb, last?.detail]).toEqual([
      'file upload failed',
      expect.stringContaining('InternalError'),
    ])
  })

  test.each<[string, Filling, string, string]>([
    ['no bucket', { ...{ 'Kept in': 'S3 bucket' }, Bucket: '' }, 'Bucket', 'Type the name of the bucket.'],
    ['a relative folder', { 'Kept in': 'Local folder', Folder: 'files' }, 'Folder', 'Use the whole path'],
    ['the root', { 'Kept in': 'Local folder', Folder: '/' }, 'Folder', 'Use the whole path'],
    [
      'a folder above the portal’s',
      { 'Kept in': 'Local folder', Folder: '/tmp' },
      'Folder',
      'the portal’s own folder',
    ],
    [
      'a folder of the system',
      { 'Kept in': 'Local folder', Folder: '/etc' },
      'Folder',
      'belongs to the system',
    ],
    [
      'an address with a path',
      { 'Kept in': 'S3 bucket', Address: 'https://s3.example.com/x' },
      'Address',
      'Use scheme and host',
    ],
    ['a prefix that leads up', { 'Kept in': 'S3 bucket', Prefix: 'a/../b' }, 'Prefix', 'Use folders'],
    ['half a day', { 'Days kept': '0.5' }, 'Days kept', 'Use a whole number of days'],
    [
      'no reference',
      { 'Reference to the secret access key': 'secret' },
      'Reference to the secret access key',
      'Use env:',
    ],
  ])('%s is not saved', async (_title, filling, field, words) => {
    const before = await stored('files')
    const page = await save(files, filling)
    expect([page.status, page.errorOf(field)]).toEqual([422, expect.stringContaining(words)])
    expect(await stored('files')).toEqual(before)
  })

  test('a place that holds what would be deleted at once is not taken with a word about it', async () => {
    const folder = `${world.config.DATA_DIR}-old`
    mkdirSync(path.join(folder, 'deep'), { recursive: true })
    for (const name of ['one.log', 'deep/two.log', 'new.log']) writeFileSync(path.join(folder, name), 'x')
    const old = new Date(world.clock.now().getTime() - days(40))
    const young = new Date(world.clock.now().getTime() - days(1))
    for (const name of ['one.log', 'deep/two.log']) utimesSync(path.join(folder, name), old, old)
    utimesSync(path.join(folder, 'new.log'), young, young)
    const at = paths.adminAssetStorage('10000-PRD', { store: 'logs' })
    const refused = await save(at, { Folder: folder })
    expect([refused.status, refused.errorOf('Days kept')]).toEqual([
      422,
      '2 files there are older than 30 days and would be deleted within the hour. Leave this empty to keep them; the days can be set after that.',
    ])
    expect(refused.field('Folder')).toBe(folder)
    expect((await save(at, { Folder: folder, 'Days kept': '' })).flash).toContain('were saved')
    expect((await save(at, { 'Days kept': '30' })).flash).toContain('were saved')
    rmSync(folder, { recursive: true })
  })

  test('two stores never share a place', async () => {
    const same = await save(logs, { ...bucket, Prefix: `${dev}/` })
    expect([same.status, same.errorOf('Prefix')]).toEqual([
      422,
      expect.stringContaining(`The files of ${dev} are in the same bucket`),
    ])
    expect((await save(logs, { ...bucket, Prefix: `${dev}/logs/` })).flash).toContain('were saved')
    const folder = path.join(
      path.dirname(world.config.DATA_DIR),
      `${path.basename(world.config.DATA_DIR)}-apart`,
    )
    mkdirSync(folder)
    const at = paths.adminAssetStorage('10000-TST', { store: 'files' })
    expect((await save(at, { Folder: folder })).flash).toContain('were saved')
    const inside = await save(paths.adminAssetStorage('20000-DEV', { store: 'files' }), {
      Folder: `${folder}/below`,
    })
    expect(inside.errorOf('Folder')).toContain('is where the files of 10000-TST are')
    symlinkSync(folder, `${folder}-link`)
    for (const way of [`${folder}-link`, `${folder}-link/below/that`]) {
      const linked = await save(paths.adminAssetStorage('20000-DEV', { store: 'files' }), { Folder: way })
      expect(linked.errorOf('Folder')).toContain('is where the files of 10000-TST are')
    }
    rmSync(`${folder}-link`)
    symlinkSync('/etc', `${folder}-system`)
    const system = await save(paths.adminAssetStorage('20000-DEV', { store: 'files' }), {
      Folder: `${folder}-system/not-there`,
    })
    expect(system.errorOf('Folder')).toContain('/etc/not-there belongs to the system.')
    rmSync(`${folder}-system`)
  })

  test('a bucket at Amazon is one, under whatever address', async () => {
    const at = (asset: string) => paths.adminAssetStorage(asset, { store: 'logs' })
    const amazon = { ...bucket, Bucket: 'shared-logs', Prefix: 'all/', 'Days kept': '' }
    expect((await save(at('10000-TST'), { ...amazon, Address: '' })).flash).toContain('were saved')
    for (const Address of ['', 'https://s3.eu-central-1.amazonaws.com', 'https://s3.amazonaws.com']) {
      const same = await save(at('20000-DEV'), { ...amazon, Address })
      expect(same.errorOf('Prefix')).toContain('The logs of 10000-TST are in the same bucket')
    }
    const elsewhere = { ...amazon, Address: 'https://amazonaws.com.example.com' }
    expect((await save(at('20000-DEV'), elsewhere)).flash).toContain('were saved')
  })

  test('two operators at once: the second is told', async () => {
    const first = await operator.get(files)
    const second = await operator.get(files)
    await save(first, { 'Days kept': '21' })
    const late = await save(second, { 'Days kept': '22' })
    expect([late.status, late.field('Days kept'), (await stored('files'))?.retention_days]).toEqual([
      409,
      '22',
      21,
    ])
  })

  test('switched off it can’t be requested and opens for nobody', async () => {
    await save(logs, { Offered: false })
    expect((await user02.get(paths.store(dev, 'logs'))).status).toBe(404)
    const record = await user02.get(paths.asset(dev))
    expect(record.text).toContain(`${dev} has no object storage for logs.`)
    const request = await user02.get(paths.manageAccess('USER02', { asset: dev }))
    expect(request.status).toBe(200)
  })

  test('logs are listed and downloaded, and nothing is put there', async () => {
    await save(logs, { Offered: true })
    s3.objects.set(`${dev}/logs/app.log`, {
      content: Buffer.from('line'),
      type: 'text/plain',
      modified: new Date(),
      etag: 'e',
    })
    const page = await user02.get(paths.store(dev, 'logs'))
    expect(page.heading).toBe(`Logs of ${dev}`)
    expect(page.table('Logs table')[0]?.slice(0, 3)).toEqual(['app.log', '4 bytes', 'text/plain'])
    expect(page.buttons).not.toContain('Upload')
    expect((await user02.get(page.link('app.log'))).body).toBe('line')
  })
})
