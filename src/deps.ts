import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../db/schema.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Vault } from './vault/vault.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>
/** What a query takes: the database, or the transaction it is part of. */
export type DbOrTx = Db | Tx
export type Engine = 'sqlite' | 'postgres'

/** Everything a domain verb is given. */
export interface Deps {
  db: Db
  engine: Engine
  config: Config
  clock: Clock
  log: Logger
  /** Passwords of accounts and servers. */
  vault: Vault
  /** Tells workers, here and on other nodes, that a job was queued. Call it after the commit. */
  wake(): void
  /** Tells open log pages, here and on other nodes, that a run's log or state has moved. */
  announce(topic: string): void
  /** Calls back whenever a topic was announced; returns how to stop. */
  listen(topic: string, heard: () => void): () => void
  /** Aborted when the process is asked to stop: streams end, workers hand over. */
  stopping: AbortSignal
  /** Tests end the process, or hold it, at the named points of a run. */
  checkpoint?(name: string): Promise<void> | void
}
