import type { Logger } from 'pino'
import { record, systemActor } from '../audit/record.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Db, Tx } from '../deps.ts'
import {
  countSecrets,
  currentRow,
  type KeyRow,
  keyRows,
  noteFirstKey,
  noteUse,
  takeOver,
} from '../vault/key-rows.ts'
import { usersOfKeys } from '../vault/key-users.ts'
import { type MasterKey, newMasterKeyText } from '../vault/master-key.ts'
import { endRewrapping, severLink } from '../vault/rotation.ts'
import { type Standing, standingOf, wrongKey } from '../vault/standing.ts'
import { CommandError } from './command.ts'
import { type GivenKey, givenKey, openKeyFile } from './given-key.ts'
import { keyFileOf, makeKeyFile, readKeyFile, understood } from './key-file.ts'

/** With what is to be told once it is committed. */
interface Choice {
  key: MasterKey
  told?: string
  good?: string
}

interface Start {
  config: Config
  clock: Clock
}

/**
 * The key this process works with: what was given, what the data folder holds, or a new one where nothing is stored.
 * The database decides between processes that start at once: it has one row for the key in use.
 */
export async function startKey(
  config: Config,
  log: Logger,
  db: Db,
  clock: Clock = systemClock,
): Promise<MasterKey> {
  const start = { config, clock }
  // Another process may make the key, or begin a rotation, between our look and our act.
  for (let tries = 0; tries < 5; tries += 1) {
    const given = givenKey(config)
    const choice = await db
      .transaction()
      .execute(tx => choose(tx, start, given))
      .catch(unlessOvertaken)
    if (!choice) continue
    const open = openKeyFile(config)
    if (open) log.warn(open)
    // Said once in the life of a portal, so a log for errors alone has it too.
    if (choice.told) log[log.isLevelEnabled('warn') ? 'warn' : 'error'](choice.told)
    if (choice.good) log.info(choice.good)
    return choice.key
  }
  throw new CommandError('Other processes are changing the master key. Start again.')
}

/** Another process was quicker: nothing of this look counts. */
class Overtaken extends Error {}

function unlessOvertaken(error: unknown): undefined {
  if (!(error instanceof Overtaken)) throw error
}

async function choose(tx: Tx, start: Start, given: GivenKey | null): Promise<Choice> {
  const rows = await keyRows(tx)
  if (!given) return choiceWithout(tx, start, currentRow(rows))
  const standing = standingOf(rows, given.key)
  switch (standing.kind) {
    case 'first':
      if (!(await noteFirstKey(tx, start.clock, given.key))) throw new Overtaken()
      return { key: given.key }
    case 'current':
      return goOn(tx, start, given, standing)
    case 'linked':
      return goOnWithFormer(tx, start, given, standing)
    case 'stranger':
      if ((await countSecrets(tx)) === 0) return replaceUnused(tx, start, standing.current, given)
      throw new ConfigError(wrongKey(standing, given))
    case 'former':
    case 'altered':
      throw new ConfigError(wrongKey(standing, given))
  }
}

async function choiceWithout(tx: Tx, start: Start, current: KeyRow | undefined): Promise<Choice> {
  const file = keyFileOf(start.config)
  const key = understood(newMasterKeyText(), 'A new key')
  if (!current) {
    if (!(await noteFirstKey(tx, start.clock, key))) throw new Overtaken()
    return made(file, key)
  }
  // Whoever noted that one may have written the file after our look at it.
  if (readKeyFile(file)) throw new Overtaken()
  const stored = await countSecrets(tx)
  if (stored === 0) return replaceUnused(tx, start, current, { key, where: file }, () => made(file, key))
  throw new ConfigError(
    `Passwords are stored (${stored}), but there is no key to read them: MASTER_KEY is not set, and ${file} is not there. Bring the master key ${current.id} back from its backup.`,
  )
}

/** Inside the transaction: the row is only there when the file is, and a file alone is taken at the next start. */
function made(file: string, key: MasterKey): Choice {
  if (!makeKeyFile(file, key)) throw new Overtaken()
  return {
    key,
    told: `A master key was made: ${file}. Back it up apart from the database; without it stored passwords are lost.`,
  }
}

/** Nothing is stored under the database's key, so another may take its place, unless somebody works with it. */
async function replaceUnused(
  tx: Tx,
  start: Start,
  current: KeyRow,
  given: GivenKey,
  make: () => Choice = () => ({ key: given.key }),
): Promise<Choice> {
  const users = await usersOfKeys(tx, start, await keyRows(tx))
  if (users.length > 0)
    throw new ConfigError(
      `The portal's master key is ${current.id}, with which ${users.join(' and ')} works; it is not at ${given.where}. Give this process the same key: copy master.key, or set MASTER_KEY.`,
    )
  if (!(await takeOver(tx, start.clock, current, given.key))) throw new Overtaken()
  await record(
    tx,
    start.clock,
    systemActor,
    'master-key replaced unused',
    { type: 'master-key', id: given.key.id },
    { former: current.id },
  )
  const { key, told } = make()
  const instead = `It takes the place of the master key ${current.id}, under which nothing is stored.`
  return { key, told: told ? `${told} ${instead}` : `${given.where} is the master key ${key.id}. ${instead}` }
}

async function goOn(
  tx: Tx,
  { clock, config }: Start,
  { key }: GivenKey,
  { former }: Extract<Standing, { kind: 'current' }>,
): Promise<Choice> {
  await noteUse(tx, clock, key.id)
  if (!former) return { key }
  const left = await countSecrets(tx, former.id)
  if (left > 0)
    throw new ConfigError(
      `${left} stored passwords are still encrypted with the former master key ${former.id}, which ${key.id} is replacing. Start with the former one, and run “gatehouse key rotate” to its end.`,
    )
  await endRewrapping(tx, clock, former.id)
  const users = await usersOfKeys(tx, { clock, config }, [former])
  if (users.length > 0)
    return {
      key,
      told: `The former master key ${former.id} still leads to the new one, because ${users.join(' and ')} works with it. Start it again with the new one, then run “gatehouse key rotate”.`,
    }
  await severLink(tx, former)
  await record(tx, clock, systemActor, 'master-key link cut', { type: 'master-key', id: former.id })
  return { key, good: `The rotation of the master key is complete: ${former.id} opens nothing any more.` }
}

async function goOnWithFormer(
  tx: Tx,
  { clock }: Start,
  { key, where }: GivenKey,
  { row, current }: Extract<Standing, { kind: 'linked' }>,
): Promise<Choice> {
  await noteUse(tx, clock, key.id)
  const told = row.rewrapped_at
    ? `${where} is the former master key ${key.id}. It works only until the rotation is complete: give the new one, ${current.id}, and start again.`
    : `The master key ${key.id} (${where}) is being replaced by ${current.id}. If no “gatehouse key rotate” is under way, run it again: it goes on where it ended.`
  return { key, told }
}
