import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { bucketOf, type S3Server, startS3 } from '../support/s3-server.ts'
import { openUploads, type Uploads } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const mib = 1024 * 1024
/** In a bucket some parts of an upload are under way at a time. */
const allowed = { folder: 80 * mib, bucket: 112 * mib }
/** What nobody gives back at once, garbage and room for more. */
const allowedGrowth = 256 * mib

/** A file of any size takes the same memory: sent, read back, and kept in either kind of store. */
export function describeUploadMemory(size: { folder: number; bucket: number }) {
  describe('a large file', () => {
    let world: World
    let uploads: Uploads
    let user02: Agent
    let s3: S3Server
    beforeAll(async () => {
      world = await createWorld('sqlite', { env: { UPLOAD_LIMIT: '10240' } })
      uploads = await openUploads(world)
      s3 = await startS3()
      s3.forgetful = true
      await granted(world.deps, { access_type: 'object-storage-file' })
      user02 = await signIn(world, 'user02')
    })
    afterAll(async () => {
      await uploads.close()
      await s3.close()
      await world.close()
    })

    const send = async (sizeInMib: number) => {
      const memory = watchMemory()
      const content = pieces(sizeInMib, memory.passed)
      const sent = await uploads.send(user02, { name: 'large.bin', content })
      return { sent, most: memory.most }
    }

    test('goes through the portal into a folder, and back, in little memory', async () => {
      const { sent, most } = await send(size.folder)
      expect([sent.status, sent.location]).toEqual([303, paths.store('10000-DEV', 'files')])
      expect(most.held).toBeLessThan(allowed.folder)
      expect(most.grown).toBeLessThan(allowedGrowth)
      const memory = watchMemory()
      let bytes = 0
      for await (const piece of await uploads.download(user02, { path: 'large.bin' })) {
        bytes += piece.length
        memory.passed(piece.length)
      }
      expect(bytes).toBe(size.folder * mib)
      expect(memory.most.held).toBeLessThan(allowed.folder)
      expect(memory.most.grown).toBeLessThan(allowedGrowth)
    })

    test('and into a bucket', async () => {
      const { prefix, secret, ...place } = bucketOf(s3)
      const key = `${world.config.DATA_DIR}.key`
      writeFileSync(key, secret.expose())
      await world.deps.db
        .insertInto('asset_stores')
        .values({
          asset_id: '10000-DEV',
          store: 'files',
          kind: 's3',
          bucket: place.bucket,
          region: place.region,
          endpoint: place.endpoint,
          path_style: 1,
          access_key_id: place.accessKeyId,
          prefix,
          credential: `file:${key}`,
          created_at: world.clock.instant(),
        })
        .execute()
      const { sent, most } = await send(size.bucket)
      expect(sent.status).toBe(303)
      expect(most.held).toBeLessThan(allowed.bucket)
      expect(most.grown).toBeLessThan(allowedGrowth)
      expect(s3.asked.filter(asked => asked.startsWith('PUT')).length).toBeGreaterThanOrEqual(size.bucket / 8)
    })
  })
}

/** The most that is held of what passes, looked at now and then with the garbage taken out; and how the process grows. */
function watchMemory() {
  setFlagsFromString('--expose-gc')
  const tidy = runInNewContext('gc') as () => void
  tidy()
  const before = process.memoryUsage().rss
  const most = { held: 0, grown: 0 }
  let [bytes, looked] = [0, 0]
  return {
    most,
    passed(more: number) {
      bytes += more
      if (bytes - looked < 16 * mib) return
      looked = bytes
      tidy()
      const { arrayBuffers, rss } = process.memoryUsage()
      most.held = Math.max(most.held, arrayBuffers)
      most.grown = Math.max(most.grown, rss - before)
    },
  }
}

const pieceBytes = 64 * 1024

async function* pieces(sizeInMib: number, passed: (bytes: number) => void) {
  for (let i = 0; i < (sizeInMib * mib) / pieceBytes; i++) {
    passed(pieceBytes)
    yield Buffer.alloc(pieceBytes, i)
  }
}
