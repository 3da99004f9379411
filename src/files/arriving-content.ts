import type { Readable } from 'node:stream'
import { type Clock, minutes } from '../clock.ts'
import type { Problem, Result } from '../result.ts'
import { sampleBytes } from './content-type.ts'

/** Whether its sender may still do this: asked while it arrives and before it counts. */
export type StillAllowed = () => Promise<Result<unknown>>

type Chunks = AsyncIterable<Uint8Array>

/** As much as tells what it is, and all of it again. */
export async function beginningOf(content: Readable): Promise<{ sample: Uint8Array; rest: Chunks }> {
  const chunks = (content as Chunks)[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < sampleBytes) {
    const next = await senders(chunks.next())
    if (next.done) break
    first.push(next.value)
    length += next.value.length
  }
  const beginning = Buffer.concat(first)
  return { sample: beginning.subarray(0, sampleBytes), rest: all(beginning, chunks) }
}

async function* all(beginning: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield beginning
    for (let next = await senders(chunks.next()); !next.done; next = await senders(chunks.next()))
      yield next.value
  } finally {
    await chunks.return?.()
  }
}

/** Rights are looked at again so often while a file arrives; the session stays alive by it too. */
const lookAgainMs = minutes(1)

/** Counts what passes, and ends it when it is too much or its sender may not do this any more. */
export async function* watched(
  clock: Clock,
  chunks: Chunks,
  { limit, passed, still }: { limit: number; passed: { bytes: number }; still: StillAllowed },
): AsyncGenerator<Uint8Array> {
  let looked = clock.now().getTime()
  for await (const chunk of chunks) {
    passed.bytes += chunk.length
    if (passed.bytes > limit) throw new TooLarge(limit)
    if (clock.now().getTime() - looked >= lookAgainMs) {
      await assertStill(still)
      looked = clock.now().getTime()
    }
    yield chunk
  }
  await assertStill(still)
}

async function assertStill(still: StillAllowed): Promise<void> {
  const right = await still()
  if (!right.ok) throw new NotAllowed(right.problem)
}

/** What ends the reading of a file goes through the store, which takes back what it has of it. */
export class TooLarge extends Error {
  readonly limit: number
  constructor(limit: number) {
    super('larger than the limit')
    this.limit = limit
  }
}
export class NotAllowed extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super('the right to do it has ended')
    this.problem = problem
  }
}
/** By its sender. */
export class BrokenOff extends Error {}

async function senders<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    throw new BrokenOff('its sender broke off', { cause: error })
  }
}
