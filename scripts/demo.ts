import { runCommand } from '../src/cli/run-command.ts'
import { startDemo } from './demo/start.ts'
import { stopDemo } from './demo/stop.ts'
import { wipeDemo } from './demo/wipe.ts'

const commands = { start: startDemo, '--stop': stopDemo, '--wipe': wipeDemo }

const [name = 'start', ...args] = process.argv.slice(2)
process.exit(await runCommand(commands, name, args))
