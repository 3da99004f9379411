import { lstatSync, statSync } from 'node:fs'
import type { Config } from '../config.ts'
import { type MasterKey, newMasterKeyText } from '../vault/master-key.ts'
import { CommandError } from './command.ts'
import { type GivenKey, namedKey } from './given-key.ts'
import { keyFileOf, makeKeyFile, moveKeyFile, readKeyFile, replaceKeyFile, understood } from './key-file.ts'

/** Where a new master key comes from, and where it goes once nothing is left under the former. */
export interface NewKeyPlace {
  /** The key to begin a rotation with: kept safe before anything is wrapped with it. */
  begin(isKnown: (id: string) => boolean): MasterKey
  /** Goes on with a rotation to this key, which has to be safe as well. */
  goOn(to: MasterKey): void
  /** Puts it in the place of the former. */
  settle(former: MasterKey, to: MasterKey, checkpoint: (name: string) => Promise<void>): Promise<void>
  /** What is left to be done by a person, in sentences. */
  after(former: MasterKey, to: MasterKey): string[]
}

export const newKeyPlace = (config: Config): NewKeyPlace =>
  config.MASTER_KEY ? inOptions(config) : inDataFolder(config)

function inOptions(config: Config): NewKeyPlace {
  const given = () => {
    const key = namedKey(config, 'NEW_MASTER_KEY')
    if (key) return key
    throw new CommandError(
      'NEW_MASTER_KEY is not set. Make a key (openssl rand -base64 32), keep it apart, and give it as NEW_MASTER_KEY or NEW_MASTER_KEY_FILE.',
    )
  }
  return {
    begin: isKnown => unused(given(), isKnown),
    goOn: to => {
      const { key, where } = given()
      if (key.id !== to.id)
        throw new CommandError(
          `A rotation to the master key ${to.id} has begun, but ${where} is ${key.id}. Give the one it was begun with.`,
        )
    },
    settle: async () => {},
    after: former => [
      'Now give the new key as MASTER_KEY, leave NEW_MASTER_KEY out, and back it up apart from the database.',
      `Keep the former, ${former.id}, as long as backups of the database from before now: only they need it.`,
    ],
  }
}

function unused({ key, where }: GivenKey, isKnown: (id: string) => boolean): MasterKey {
  if (!isKnown(key.id)) return key
  throw new CommandError(
    `${where} is the master key ${key.id}, which was in use before. Make a new one (openssl rand -base64 32).`,
  )
}

function inDataFolder(config: Config): NewKeyPlace {
  const file = keyFileOf(config)
  const [next, previous] = [`${file}.next`, `${file}.previous`]
  if (config.NEW_MASTER_KEY)
    throw new CommandError(
      `NEW_MASTER_KEY belongs to MASTER_KEY, but the key is ${file}, where a new one is made. Leave NEW_MASTER_KEY out.`,
    )
  if (lstatSync(file).isSymbolicLink())
    throw new CommandError(
      `${file} is a link, which a new key would take the place of. Give the keys as MASTER_KEY_FILE and NEW_MASTER_KEY_FILE.`,
    )
  const owner = statSync(file)
  return {
    begin(isKnown) {
      const prepared = readKeyFile(next)
      if (prepared && !isKnown(prepared.id)) return prepared
      const made = understood(newMasterKeyText(), 'A new key')
      replaceKeyFile(next, made, owner)
      return made
    },
    goOn(to) {
      // What else stands there was never used: another node was quicker to begin.
      if (readKeyFile(file)?.id !== to.id && readKeyFile(next)?.id !== to.id) replaceKeyFile(next, to, owner)
    },
    async settle(former, to, checkpoint) {
      if (readKeyFile(file)?.id !== former.id) return
      keepOlder(previous, former)
      makeKeyFile(previous, former, owner)
      await checkpoint('former key kept')
      if (readKeyFile(next)?.id !== to.id) replaceKeyFile(next, to, owner)
      moveKeyFile(next, file)
      await checkpoint('new key in place')
    },
    after: () => [
      `It is ${file}: back it up apart from the database, and copy it to nodes with a data folder of their own.`,
      `The former is kept as ${previous}: only backups of the database from before now need it.`,
    ],
  }
}

/** The one before the former: backups from that time may be kept too. */
function keepOlder(previous: string, former: MasterKey) {
  const older = readKeyFile(previous)
  if (older && older.id !== former.id) moveKeyFile(previous, `${previous}-${older.id}`)
}
