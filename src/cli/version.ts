import { version as number } from '../version.ts'
import { type Command, say } from './command.ts'

export const version: Command = {
  summary: 'Prints the version.',
  async run() {
    say(`gatehouse ${number}`)
    return 0
  },
}
