import { randomBytes } from 'node:crypto'
import { createLogger } from '../../src/cli/logger.ts'
import { startKey } from '../../src/cli/start-key.ts'
import type { Clock } from '../../src/clock.ts'
import type { Config } from '../../src/config.ts'
import type { Db } from '../../src/deps.ts'
import type { MasterKey } from '../../src/vault/master-key.ts'

/** A new key, as people make one with `openssl rand -base64 32`. */
export const newKeyText = () => randomBytes(32).toString('base64')

export interface Started {
  key: MasterKey
  /** What it has logged, each with its level: 30 is information, 40 a warning. */
  logged: { level: number; msg: string }[]
}

/** Chooses the key as the start of a process does. */
export async function startedKey(
  config: Config,
  db: Db,
  clock: Clock,
  level: Config['LOG_LEVEL'] = 'info',
): Promise<Started> {
  const lines: string[] = []
  const log = createLogger(level, { write: line => void lines.push(line) })
  const key = await startKey(config, log, db, clock)
  return { key, logged: lines.map(line => JSON.parse(line)) }
}

/** Why a process does not start. */
export const refusal = (config: Config, db: Db, clock: Clock): Promise<string> =>
  startedKey(config, db, clock).then(
    ({ key }) => `started with ${key.id}`,
    error => (error.constructor.name === 'ConfigError' ? error.message : `${error.stack}`),
  )
