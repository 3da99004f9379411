import { sql } from 'kysely'
import { openDatabase } from '../../db/open.ts'
import { type Config, readConfig } from '../config.ts'
import { mailTransport } from '../mail/transport.ts'
import { type Command, say } from './command.ts'
import { prepareDataFolder } from './data-folder.ts'
import { checkDatabaseServers } from './doctor-servers.ts'
import { checkVault } from './doctor-vault.ts'

export const doctor: Command = {
  summary: 'Checks what the portal needs: folder, database, mail server, master key, database servers.',
  async run() {
    const config = readConfig()
    const findings = [
      await look('Node', async () => process.version),
      await look('Data folder', async () => prepareDataFolder(config) ?? config.DATA_DIR),
    ]
    const database = await look('Database', () => databaseVersion(config))
    findings.push(database, await look('Mail server', () => mailServer(config)))
    // What they look at is in the database.
    if (database)
      findings.push(await look('Master key', () => checkVault(config)), await checkDatabaseServers(config))
    return findings.every(Boolean) ? 0 : 1
  },
}

async function look(what: string, find: () => Promise<string>): Promise<boolean> {
  try {
    say(`ok      ${what}: ${await find()}`)
    return true
  } catch (error) {
    say(`FAILED  ${what}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

async function databaseVersion(config: Config): Promise<string> {
  const open = await openDatabase(config)
  try {
    const version = open.engine === 'sqlite' ? sql<string>`sqlite_version()` : sql<string>`version()`
    const { rows } = await sql<{ version: string }>`select ${version} as version`.execute(open.db)
    return `${open.engine} ${rows[0]?.version}`
  } finally {
    await open.close()
  }
}

async function mailServer(config: Config): Promise<string> {
  const transport = mailTransport(config)
  if (!transport) return 'none set, mails stay readable under Administration › Mail'
  try {
    await transport.verify()
    return 'answers'
  } finally {
    transport.close()
  }
}
