import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { days } from '../../src/clock.ts'
import { deleteOldObjects } from '../../src/files/retention.ts'
import { defaultSettings, ownRoot, type StoreName, type StoreSettings } from '../../src/files/stores.ts'
import { engines } from '../support/engines.ts'
import { bucketOf, type S3Server, startS3 } from '../support/s3-server.ts'
import { createWorld, type World } from '../support/world.ts'

const dev = '10000-DEV'

describe.each(engines)('What was kept long enough is deleted (%s)', engine => {
  let world: World
  let s3: S3Server
  beforeAll(async () => {
    world = await createWorld(engine)
    s3 = await startS3()
  })
  afterAll(async () => {
    await s3.close()
    await world.close()
  })
  beforeEach(() => world.deps.db.deleteFrom('asset_stores').execute())

  function put(store: StoreName, name: string, ageInDays: number) {
    const file = path.join(ownRoot(world.config, dev, store), name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, 'content')
    const at = new Date(world.clock.now().getTime() - days(ageInDays))
    utimesSync(file, at, at)
  }
  const left = (store: StoreName) =>
    (readdirSync(ownRoot(world.config, dev, store), { recursive: true }) as string[]).sort()
  const set = (store: StoreName, over: Partial<StoreSettings>) =>
    world.deps.db
      .insertInto('asset_stores')
      .values({ ...defaultSettings(dev, store), created_at: world.clock.instant(), ...over })
      .execute()
  const trail = async () =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select(['actor_role', 'subject_id', 'detail'])
        .where('verb', '=', 'old files deleted')
        .orderBy('id')
        .execute()
    ).map(row => `${row.actor_role} ${row.subject_id} ${row.detail}`)

  test('files after 15 days, logs after 30, unless operators say otherwise', async () => {
    for (const store of ['files', 'logs'] as const)
      for (const age of [14, 16, 29, 31]) put(store, `${age}.txt`, age)
    await deleteOldObjects(world.deps)
    expect([left('files'), left('logs')]).toEqual([['14.txt'], ['14.txt', '16.txt', '29.txt']])
    await set('files', { retention_days: 10 })
    await set('logs', { retention_days: null })
    put('logs', 'ancient.txt', 4000)
    await deleteOldObjects(world.deps)
    expect([left('files'), left('logs')]).toEqual([[], ['14.txt', '16.txt', '29.txt', 'ancient.txt']])
    const until = (age: number) => new Date(world.clock.now().getTime() - days(age)).toISOString()
    expect(await trail()).toEqual([
      `SYSTEM ${dev}/files {"files":3,"bytes":21,"last_changed_before":"${until(15)}"}`,
      `SYSTEM ${dev}/logs {"files":1,"bytes":7,"last_changed_before":"${until(30)}"}`,
      `SYSTEM ${dev}/files {"files":1,"bytes":7,"last_changed_before":"${until(10)}"}`,
    ])
  })

  test('what took the name of an old one since it was listed, as rotated logs do, is not deleted', async () => {
    put('logs', 'app.log.6', 31)
    put('logs', 'app.log.7', 31)
    world.deps.checkpoint = () => {
      world.deps.checkpoint = undefined
      put('logs', 'app.log.7', 29)
    }
    await deleteOldObjects(world.deps)
    expect(left('logs')).toContain('app.log.7')
    expect(left('logs')).not.toContain('app.log.6')
  })

  test('folders go when they have been empty for as long; what was broken off goes after a day', async () => {
    put('files', 'old/deep/20.txt', 20)
    put('files', '.gatehouse/left.part', 2)
    put('files', '.gatehouse/under-way.part', 0)
    await deleteOldObjects(world.deps)
    expect(left('files')).toEqual(['.gatehouse', '.gatehouse/under-way.part', 'old', 'old/deep'])
    const folder = path.join(ownRoot(world.config, dev, 'files'), 'old', 'deep')
    const at = new Date(world.clock.now().getTime() - days(20))
    utimesSync(folder, at, at)
    await deleteOldObjects(world.deps)
    expect(existsSync(folder)).toBe(false)
  })

  test('many are deleted batch by batch, each written down before; a bucket has its own', async () => {
    const { prefix, secret, ...place } = bucketOf(s3)
    const key = `${world.config.DATA_DIR}.key`
    writeFileSync(key, secret.expose())
    await set('files', {
      kind: 's3',
      bucket: place.bucket,
      region: place.region,
      endpoint: place.endpoint,
      path_style: 1,
      access_key_id: place.accessKeyId,
      prefix,
      credential: `file:${key}`,
    })
    const object = { content: Buffer.from('content'), type: 'text/plain', etag: 'e' }
    const old = new Date(world.clock.now().getTime() - days(16))
    for (let i = 0; i < 230; i++) s3.objects.set(`${prefix}${i}.txt`, { ...object, modified: old })
    s3.objects.set(`${prefix}new.txt`, { ...object, modified: world.clock.now() })
    s3.objects.set('20000-DEV/files/other.txt', { ...object, modified: old })
    const before = (await trail()).length
    // It ends in the middle, as when the process does.
    s3.trouble = ({ method, path: key }) =>
      method === 'DELETE' && key.endsWith('/3.txt') ? { status: 403, code: 'AccessDenied' } : undefined
    await expect(deleteOldObjects(world.deps)).rejects.toThrow(
      `files of ${dev}: The object store does not accept`,
    )
    s3.trouble = undefined
    await deleteOldObjects(world.deps)
    expect([...s3.objects.keys()].sort()).toEqual([`${prefix}new.txt`, '20000-DEV/files/other.txt'].sort())
    expect((await trail()).slice(before).map(row => JSON.parse(row.slice(row.indexOf('{'))).files)[0]).toBe(
      200,
    )
  })

  test('a store that has trouble keeps no other one waiting', async () => {
    await set('files', { root: '/nowhere/at/all' })
    put('logs', 'old.txt', 31)
    await expect(deleteOldObjects(world.deps)).rejects.toThrow(
      `files of ${dev}: The folder /nowhere/at/all can’t be opened`,
    )
    expect(left('logs')).not.toContain('old.txt')
  })
})
