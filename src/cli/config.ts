import { type OptionName, options, readConfig } from '../config.ts'
import { type Command, say } from './command.ts'

export const config: Command = {
  summary: 'Prints the options with their values, secrets redacted.',
  async run() {
    const values = readConfig()
    for (const name of Object.keys(options) as OptionName[]) say(`${name}=${shown(values[name])}`)
    return 0
  },
}

function shown(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
