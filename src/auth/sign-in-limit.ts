import type { Instant } from '../../db/schema.ts'
import { addressPrefix } from '../address-prefix.ts'
import { after, type Clock, hours, nowInstant, seconds } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { tokenHash } from '../ids.ts'

interface Limit {
  /** Failures that cost nothing: people mistype. */
  free: number
  /** The delay after the first one that costs; it doubles with each further one. */
  firstSeconds: number
  maxSeconds: number
}

/** Growing delays and no lock-out: whoever waits may try again. */
const limits = {
  login: { free: 5, firstSeconds: 2, maxSeconds: 15 * 60 },
  prefix: { free: 50, firstSeconds: 1, maxSeconds: 5 * 60 },
} as const satisfies Record<string, Limit>

type Kind = keyof typeof limits

/** Where attempts are counted: this Login ID from this network, and all of this network. */
export interface Buckets {
  login: string
  prefix: string
}

/** Quiet for so long, and it is forgotten. */
export const forgottenAfter = hours(1)

export const bucketsOf = (loginKey: string, address: string): Buckets => {
  const prefix = addressPrefix(address)
  // Hashed: people type their password into this field too.
  return { login: `login:${tokenHash(loginKey)}|${prefix}`, prefix: `prefix:${prefix}` }
}

/** Seconds to wait before trying; or the attempt, counted. */
export type Counted = { kind: 'wait'; seconds: number } | { kind: 'counted'; buckets: Buckets; count: number }

/**
 * Counts the attempt as failed before it is tried, so that a thousand at once are as slow as a thousand in turn;
 * `forgive` takes it back.
 */
export async function countAttempt(deps: Deps, buckets: Buckets): Promise<Counted> {
  try {
    return await deps.db.transaction().execute(async tx => {
      // Always in the same order, so that two attempts never wait for each other's row.
      const count = await addFailure(tx, deps, 'prefix', buckets.prefix)
      await addFailure(tx, deps, 'login', buckets.login)
      return { kind: 'counted', buckets, count }
    })
  } catch (error) {
    if (error instanceof Blocked) return { kind: 'wait', seconds: error.seconds }
    throw error
  }
}

/** The attempt succeeded: it counts nowhere, and the person starts afresh. */
export async function forgive(
  tx: Tx,
  clock: Clock,
  { buckets, count }: Extract<Counted, { kind: 'counted' }>,
): Promise<void> {
  const prefix = tx
    .updateTable('sign_in_failures')
    .set(eb => ({ failures: eb('failures', '-', 1) }))
    .where('bucket', '=', buckets.prefix)
    .where('failures', '>', 0)
  // Nobody failed meanwhile: the delay it brought the network goes too.
  const { numUpdatedRows } = await prefix
    .set({ blocked_until: nowInstant(clock) })
    .where('failures', '=', count)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) await prefix.execute()
  await tx.deleteFrom('sign_in_failures').where('bucket', '=', buckets.login).execute()
}

/** Thrown to leave the transaction: a refused attempt is not counted. */
class Blocked extends Error {
  readonly seconds: number
  constructor(seconds: number) {
    super('blocked')
    this.seconds = seconds
  }
}

async function addFailure(tx: Tx, { clock }: Deps, kind: Kind, bucket: string): Promise<number> {
  const now = nowInstant(clock)
  await tx
    .deleteFrom('sign_in_failures')
    .where('bucket', '=', bucket)
    .where('blocked_until', '<=', after(now, -forgottenAfter))
    .where('last_at', '<=', after(now, -forgottenAfter))
    .execute()
  // Adding before looking locks the row: attempts at the same moment queue up here.
  const row = await tx
    .insertInto('sign_in_failures')
    .values({ bucket, failures: 1, last_at: now, blocked_until: now })
    .onConflict(on =>
      on
        .column('bucket')
        .doUpdateSet(eb => ({ failures: eb('sign_in_failures.failures', '+', 1), last_at: now })),
    )
    .returning(['failures', 'blocked_until'])
    .executeTakeFirstOrThrow()
  const wait = Date.parse(row.blocked_until) - Date.parse(now)
  if (wait > 0) throw new Blocked(Math.ceil(wait / 1000))
  await tx
    .updateTable('sign_in_failures')
    .set({ blocked_until: blockedUntil(now, limits[kind], row.failures) })
    .where('bucket', '=', bucket)
    .execute()
  return row.failures
}

const blockedUntil = (now: Instant, limit: Limit, failures: number): Instant => {
  const over = failures - limit.free
  if (over <= 0) return now
  return after(now, seconds(Math.min(limit.firstSeconds * 2 ** (over - 1), limit.maxSeconds)))
}
