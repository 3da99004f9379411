import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../db/open.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Engine } from '../../src/deps.ts'
import { postgresTemplate } from './postgres.ts'
import { withPostgres } from './postgres-databases.ts'

export const engines: readonly Engine[] = ['sqlite', 'postgres']

export interface FreshDatabase {
  open: OpenDatabase
  config: Config
  /** What a program of its own needs in its environment to use this database. */
  env: Readonly<Record<string, string>>
  /** Closes and removes it, its data folder too. */
  close(): Promise<void>
}

/** Describes the same behaviour once per engine, each with a fresh migrated database. */
export function onBothEngines(title: string, body: (engine: Engine, open: () => OpenDatabase) => void) {
  describe.each(engines)(`${title} (%s)`, engine => {
    let fresh: FreshDatabase | undefined
    beforeAll(async () => {
      fresh = await freshDatabase(engine)
    })
    afterAll(() => fresh?.close())
    body(engine, () => {
      if (!fresh) throw new Error('The database is there from beforeAll on.')
      return fresh.open
    })
  })
}

/** A database of its own: migrated, unless `empty`. */
export async function freshDatabase(
  engine: Engine,
  options: { empty?: boolean; env?: Readonly<Record<string, string>> } = {},
): Promise<FreshDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-test-'))
  const place = engine === 'sqlite' ? sqlitePlace(folder, options.empty) : await postgresPlace(options.empty)
  const env = { DATA_DIR: folder, LOG_LEVEL: 'silent', ...place.env, ...options.env }
  const config = readConfig(env)
  const open = await openDatabase(config)
  return {
    open,
    config,
    env,
    close: async () => {
      await open.close()
      await place.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Place {
  env: Record<string, string>
  remove(): Promise<void>
}

function sqlitePlace(folder: string, empty = false): Place {
  if (!empty) cpSync(inject('sqliteTemplate'), folder, { recursive: true })
  return { env: {}, remove: async () => {} }
}

async function postgresPlace(empty = false): Promise<Place> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await withPostgres(admin =>
    // Twice as quick as by way of the write-ahead log.
    admin.query(
      `create database ${name} template ${empty ? 'template0' : postgresTemplate} strategy file_copy`,
    ),
  )
  return {
    env: { DATABASE_URL: inject('postgres').replace('DATABASE', name) },
    remove: () => withPostgres(admin => admin.query(`drop database ${name} with (force)`)),
  }
}
