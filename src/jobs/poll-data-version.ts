import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Db } from '../deps.ts'
import type { Carrier, Receiver } from './carrier.ts'

const pollMs = 1000

/**
 * SQLite has no way to call another process. Its counter of other connections' commits costs microseconds to read:
 * once a second is enough for a second process beside the first, and one process alone never needs it.
 */
export function pollDataVersion(db: Db, log: Logger, receiver: Receiver): Carrier {
  let last: number | undefined
  let polling: Promise<void> | undefined
  const poll = async () => {
    try {
      const version = await dataVersion(db)
      if (last !== undefined && version !== last) receiver.mayHaveMissed()
      last = version
    } catch (error) {
      log.warn({ err: error }, 'the database could not be asked for changes')
    }
    polling = undefined
  }
  const look = () => {
    if (receiver.hasListeners()) polling ??= poll()
  }
  const timer = setInterval(look, pollMs)
  timer.unref()
  polling = poll()
  return {
    ready: polling,
    send: () => {},
    close: async () => {
      clearInterval(timer)
      await polling
    },
  }
}

async function dataVersion(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
  return rows[0]?.data_version
}
