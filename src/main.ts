#!/usr/bin/env node
import { commands } from './cli/commands.ts'
import { runCommand } from './cli/run-command.ts'

const [name = 'help', ...args] = process.argv.slice(2)
process.exit(await runCommand(commands, name, args))
