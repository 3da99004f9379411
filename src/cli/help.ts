import { type Command, say } from './command.ts'

export const helpFor = (commands: () => Readonly<Record<string, Command>>): Command => ({
  summary: 'Lists the commands.',
  async run() {
    say('Usage: gatehouse COMMAND\n')
    for (const [name, { summary }] of Object.entries(commands())) say(`  ${name.padEnd(12)}${summary}`)
    say('\nOptions are environment variables; “gatehouse config” shows them with their values.')
    return 0
  },
})
