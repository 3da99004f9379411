import { existsSync } from 'node:fs'
import { sqliteFile } from '../../db/dialects/sqlite.ts'
import { CommandError } from '../../src/cli/command.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { passwordsFile } from './passwords.ts'

/** PORT, DATA_DIR and the finer options as set; the address, the database and the mails are the demo's own. */
export function demoConfig(): Config {
  const { PUBLIC_URL, DATABASE_URL, DATABASE_URL_FILE, ...env } = process.env
  const config = readConfig({ ...env, HOST: '127.0.0.1' })
  if (existsSync(sqliteFile(config)) && !existsSync(passwordsFile(config.DATA_DIR)))
    throw new CommandError(
      `${config.DATA_DIR} holds a portal that is not the demo. Set DATA_DIR to another folder.`,
    )
  return config
}
