import type { Logger } from 'pino'
import { migrate } from '../../db/migrate.ts'
import { type OpenDatabase, openDatabase } from '../../db/open.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { createSignals, type Signals } from '../jobs/signals.ts'
import { keyRing } from '../vault/key-ring.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { createVault } from '../vault/vault.ts'
import { startKey } from './start-key.ts'

export interface Opened {
  deps: Deps
  signals: Signals
  /** Streams end, workers begin to hand over. */
  beginStop(): void
  /** Call it last: nothing may use the database any more. */
  close(): Promise<void>
}

/** Opens and migrates the database and makes what the domains are given. */
export async function openDeps(config: Config, log: Logger): Promise<Opened> {
  const open = await openDatabase(config)
  try {
    await migrate(open, name => log.info({ migration: name }, 'database changed'))
    return makeDeps(config, log, open, await startKey(config, log, open.db))
  } catch (error) {
    await open.close()
    throw error
  }
}

/** Of a database that is open: `close` closes it too. */
export function makeDeps(config: Config, log: Logger, open: OpenDatabase, key: MasterKey): Opened {
  const stopping = new AbortController()
  const signals = createSignals(open, log)
  return {
    deps: {
      db: open.db,
      engine: open.engine,
      config,
      clock: systemClock,
      log,
      vault: createVault(keyRing(key, open.engine), systemClock),
      wake: signals.wake,
      announce: signals.announce,
      listen: signals.listen,
      stopping: stopping.signal,
    },
    signals,
    beginStop: () => stopping.abort(),
    close: async () => {
      await signals.close()
      await open.close()
    },
  }
}
