import type { OpenDatabase } from '../../db/open.ts'
import { record, systemActor } from '../audit/record.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Tx } from '../deps.ts'
import { isSurelyGone, ownIdentity, type ProcessIdentity } from '../jobs/process-identity.ts'
import { followLink } from '../vault/key-ring.ts'
import { countSecrets, currentRow, type KeyRow, keyRows, succeed } from '../vault/key-rows.ts'
import { usersOfKeys } from '../vault/key-users.ts'
import type { MasterKey } from '../vault/master-key.ts'
import {
  claimRotation,
  endRewrapping,
  keepRotation,
  leaveRotation,
  rewrapAll,
  severLink,
} from '../vault/rotation.ts'
import { standingOf, wrongKey } from '../vault/standing.ts'
import { CommandError } from './command.ts'
import { givenKey, namedKey } from './given-key.ts'
import { type NewKeyPlace, newKeyPlace } from './new-key-place.ts'

export interface Rotation {
  db: OpenDatabase['db']
  config: Config
  clock: Clock
  say(line: string): void
  /** Tests end the process at the named points. */
  checkpoint?(name: string): Promise<void> | void
}

/**
 * Puts a new master key in the place of the one in use while the portal runs. Whatever ends it, the next run goes on
 * with the same new key: that one is written down before anything is wrapped with it.
 */
export async function rotateKey(rotation: Rotation): Promise<void> {
  const given = givenKey(rotation.config)
  const rows = await keyRows(rotation.db)
  const standing = given && currentRow(rows) ? standingOf(rows, given.key) : undefined
  if (!given || !standing || standing.kind === 'first')
    throw new CommandError('There is no master key to replace: the portal makes one at its first start.')
  if (standing.kind === 'linked') return replace(rotation, given.key, standing.row, rows)
  if (standing.kind !== 'current') throw new CommandError(wrongKey(standing, given))
  if (standing.former) return complete(rotation, given.key, standing.former)
  if (namedKey(rotation.config, 'NEW_MASTER_KEY')?.key.id !== given.key.id)
    return replace(rotation, given.key, standing.row, rows)
  rotation.say(
    `The master key ${given.key.id} is in use, nothing is to be done. Leave NEW_MASTER_KEY out from now on.`,
  )
}

async function replace(rotation: Rotation, from: MasterKey, row: KeyRow, rows: readonly KeyRow[]) {
  const { db, clock, config } = rotation
  const place = newKeyPlace(config)
  const by = JSON.stringify({ host: config.WORKER_HOST, ...ownIdentity() })
  if (!(await claimRotation(db, clock, row, by, other => isGone(rotation, other, row))))
    throw new CommandError(
      `Another “gatehouse key rotate” is under way (${nameOf(row.rotating_by)}). Wait until it has ended; after a crash, for a minute.`,
    )
  try {
    const to = await begun(rotation, place, from, row, rows)
    const rewrapped = await rewrap(rotation, from, to, by)
    await end(rotation, from, to, rewrapped)
    await place.settle(from, to, async name => rotation.checkpoint?.(name))
    for (const sentence of [...place.after(from, to), ...lastWords(from)]) rotation.say(sentence)
  } finally {
    await leaveRotation(db, from.id, by)
  }
}

/** The new key: kept safe, known to the database, and the one that is used from now on. */
async function begun(
  { db, clock, say, checkpoint }: Rotation,
  place: NewKeyPlace,
  from: MasterKey,
  row: KeyRow,
  rows: readonly KeyRow[],
): Promise<MasterKey> {
  if (row.successor && row.successor_sealed) {
    const to = followLink(from, row.successor, row.successor_sealed)
    place.goOn(to)
    say(`Going on with the rotation from the master key ${from.id} to ${to.id}.`)
    return to
  }
  const to = place.begin(id => rows.some(one => one.id === id))
  await checkpoint?.('new key kept')
  await db.transaction().execute(async tx => {
    if (!(await succeed(tx, clock, from, to)))
      throw new CommandError('Another rotation has just ended. Nothing was done.')
    await audit(tx, clock, 'rotation begun', to.id, { former: from.id })
  })
  say(`The master key ${to.id} takes the place of ${from.id}.`)
  await checkpoint?.('rotation begun')
  return to
}

async function rewrap(
  { db, clock, checkpoint }: Rotation,
  from: MasterKey,
  to: MasterKey,
  by: string,
): Promise<number> {
  const { rewrapped, damaged } = await rewrapAll(db, from, to, async () => {
    await checkpoint?.('some rewrapped')
    if (!(await keepRotation(db, clock, from.id, by)))
      throw new CommandError('Another “gatehouse key rotate” has taken over. This one stops.')
  })
  if (damaged.length === 0) return rewrapped
  throw new CommandError(
    `${damaged.length} stored passwords can't be opened with the key they name: ${firstOf(damaged)}. Reset or enter them anew, then run “gatehouse key rotate” again. All others are encrypted with ${to.id}.`,
  )
}

const firstOf = (names: readonly string[]) =>
  names.slice(0, 20).join(', ') + (names.length > 20 ? ` and ${names.length - 20} more` : '')

/** Only what the database confirms is said. */
async function end(
  { db, clock, say, checkpoint }: Rotation,
  from: MasterKey,
  to: MasterKey,
  rewrapped: number,
) {
  await checkpoint?.('all rewrapped')
  const stored = await db.transaction().execute(async tx => {
    const ended = await endRewrapping(tx, clock, from.id)
    const left = await countSecrets(tx, from.id)
    if (left > 0)
      throw new CommandError(
        `${left} stored passwords are still under ${from.id}. Run “gatehouse key rotate” again.`,
      )
    if (ended) await audit(tx, clock, 'rotation ended', to.id, { former: from.id, rewrapped })
    return countSecrets(tx, to.id)
  })
  await checkpoint?.('rotation ended')
  say(`All stored passwords (${stored}) are encrypted with the master key ${to.id}, none with ${from.id}.`)
}

/** What to do with either place of the key. */
const lastWords = ({ id }: MasterKey) => [
  `Then start every process of the portal again. Until then they go on: ${id} leads them to the new key. The first start at which none of them is left cuts that link.`,
]

/** The new key is in its place already; what is left is the way that the former one shows to it. */
async function complete(rotation: Rotation, { id }: MasterKey, former: KeyRow) {
  const { db, clock, say } = rotation
  const left = await countSecrets(db, former.id)
  if (left > 0)
    throw new CommandError(
      `${left} stored passwords are still encrypted with ${former.id}, which ${id} is replacing. Run this with the former key and NEW_MASTER_KEY, as it was begun.`,
    )
  const users = await usersOfKeys(db, rotation, [former])
  if (users.length > 0)
    throw new CommandError(
      `The rotation to ${id} is complete except that ${former.id} still leads to it, because ${users.join(' and ')} may work with it. Start that again with the new key, then run this once more.`,
    )
  await db.transaction().execute(async tx => {
    await endRewrapping(tx, clock, former.id)
    if (await severLink(tx, former)) await audit(tx, clock, 'link cut', former.id)
  })
  say(`The rotation to the master key ${id} is complete: ${former.id} opens nothing any more.`)
}

const audit = (tx: Tx, clock: Clock, verb: string, id: string, detail: Record<string, unknown> = {}) =>
  record(tx, clock, systemActor, `master-key ${verb}`, { type: 'master-key', id }, detail)

type Rotator = ProcessIdentity & { host: string }

function isGone({ clock, config }: Rotation, by: string, { rotating_until: until }: KeyRow): boolean {
  const { host, ...identity } = JSON.parse(by) as Rotator
  return host === config.WORKER_HOST && isSurelyGone(identity, Date.parse(until ?? ''), clock.now())
}

function nameOf(by: string | null): string {
  const { host, pid } = JSON.parse(by ?? '{}') as Partial<Rotator>
  return pid === undefined ? 'it began this moment' : `process ${pid} on ${host}`
}
