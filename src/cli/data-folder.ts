import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.ts'
import { CommandError } from './command.ts'

/** Makes the data folder, readable by this user alone. Gives a warning if one that was there is open to others. */
export function prepareDataFolder({ DATA_DIR: folder }: Pick<Config, 'DATA_DIR'>): string | undefined {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new CommandError(
      `DATA_DIR is ${folder}, which is not a folder. Name a folder this user may write to.`,
    )
  try {
    make(folder)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new CommandError(
      `The data folder ${folder} can't be written to (${(error as NodeJS.ErrnoException).code}). Set DATA_DIR to a folder this user may write to.`,
    )
  }
  // Not ours to change: it may be a folder of something else too.
  if (statSync(folder).mode & 0o077)
    return `The data folder ${folder} can be entered by other users of this machine. Close it: chmod 700 ${folder}`
  return undefined
}

// Not `recursive`: below /proc that never returns.
function make(folder: string) {
  if (existsSync(folder)) return
  make(path.dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}
