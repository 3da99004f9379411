import { type OptionName, options } from '../src/config.ts'

const [begin, end] = ['<!-- options: made by “npm run docs” -->', '<!-- /options -->']

/** README.md with the table of options as the code has them now. */
export function withConfigurationTable(readme: string): string {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md lacks the lines ${begin} and ${end}.`)
  return `${readme.slice(0, from + begin.length)}\n\n${configurationTable()}\n\n${readme.slice(to)}`
}

function configurationTable(): string {
  const rows = (Object.keys(options) as OptionName[]).map(
    name => `| \`${name}\` | ${shownDefault(name)} | ${options[name].help.replaceAll('|', '\\|')} |`,
  )
  return ['| Option | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

function shownDefault(name: OptionName): string {
  if (name === 'WORKER_HOST') return 'host name'
  const row = options[name]
  return 'default' in row && row.default ? `\`${row.default}\`` : ''
}
