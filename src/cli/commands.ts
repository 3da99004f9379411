import type { Command } from './command.ts'
import { config } from './config.ts'
import { doctor } from './doctor.ts'
import { helpFor } from './help.ts'
import { keyRotate } from './key-rotate.ts'
import { migrate } from './migrate.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'
import { worker } from './worker.ts'

/** THE commands of `gatehouse`, one file each; a name may be two words. */
export const commands: Readonly<Record<string, Command>> = {
  serve,
  worker,
  migrate,
  config,
  doctor,
  'key rotate': keyRotate,
  version,
  help: helpFor(() => commands),
}
