import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { readConfig } from '../../src/config.ts'
import { sayWhatIsMissing } from './mariadb-programs.ts'
import { type PostgresServer, postgresTemplate, startPostgres } from './postgres.ts'
import { compilePrograms } from './program.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the running PostgreSQL, `DATABASE` standing for the database's name. */
    postgres: string
    /** Folder of a migrated SQLite database to copy. */
    sqliteTemplate: string
  }
}

/** Once for all test files: a real PostgreSQL, and on both engines a migrated database to copy. */
export default async function setup(project: TestProject) {
  sayWhatIsMissing()
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-template-'))
  await migrated({ DATA_DIR: folder })
  const [server] = await Promise.all([startPostgres(), compilePrograms()])
  await migratePostgres(server)
  project.provide('sqliteTemplate', folder)
  project.provide('postgres', server.url('DATABASE'))
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function migratePostgres(server: PostgresServer) {
  const admin = await openDatabase(readConfig({ DATABASE_URL: server.url('postgres') }))
  // A language's order, unlike SQLite's: what depends on the server's collation shows in the tests.
  await admin.pool?.query(
    `create database ${postgresTemplate} encoding 'UTF8' locale_provider icu icu_locale 'en-US' template template0`,
  )
  await admin.close()
  await migrated({ DATABASE_URL: server.url(postgresTemplate) })
  const closing = await openDatabase(readConfig({ DATABASE_URL: server.url('postgres') }))
  // A database can be copied only while nobody is connected to it.
  await closing.pool?.query(`alter database ${postgresTemplate} allow_connections false`)
  await closing.close()
}

async function migrated(env: Record<string, string>) {
  const open = await openDatabase(readConfig(env))
  await migrate(open)
  await open.close()
}
