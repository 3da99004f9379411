import { DatabaseError } from '../../db/open.ts'
import { ConfigError } from '../config.ts'
import { type Command, CommandError } from './command.ts'

/** Runs a command; what a person can put right is said in words, the rest is a bug and shows its stack. */
export async function runCommand(
  commands: Readonly<Record<string, Command>>,
  name: string,
  args: readonly string[],
): Promise<number> {
  // Files hold sessions, mails and logs: for this user only.
  process.umask(0o077)
  // Whoever read what we print has gone (`| head`): no reason to end.
  process.stdout.on('error', () => {})
  try {
    const { title, command, rest } = commandOf(commands, name, args)
    refuseArguments(title, rest)
    return await command.run()
  } catch (error) {
    process.stderr.write(`gatehouse: ${inWords(error)}\n`)
    return 1
  }
}

const spellings = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
])

/** By one word or by two, and what is left of the arguments. */
function commandOf(commands: Readonly<Record<string, Command>>, name: string, args: readonly string[]) {
  const canonical = spellings.get(name) ?? name
  const names = Object.keys(commands)
  const twoWords = names.some(one => one.startsWith(`${canonical} `))
  const title = [canonical, ...(twoWords ? args.slice(0, 1) : [])].join(' ')
  const command = Object.hasOwn(commands, title) ? commands[title] : undefined
  if (!command) throw new CommandError(`There is no command “${title}”. Use one of: ${names.join(', ')}.`)
  return { title, command, rest: args.slice(twoWords ? 1 : 0) }
}

/** Better than to go on without what somebody believes to have asked for. */
function refuseArguments(name: string, args: readonly string[]) {
  if (args.length > 0)
    throw new CommandError(
      `“${name}” takes nothing more, but was given “${args.join(' ')}”. Options are environment variables, such as PORT=8080; “gatehouse config” shows them.`,
    )
}

function inWords(error: unknown): string {
  if (error instanceof CommandError || error instanceof ConfigError || error instanceof DatabaseError)
    return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
