import { readFileSync } from 'node:fs'
import { ConfigError } from './config-checks.ts'
import { Secret } from './secret.ts'

/** One row of the option table. */
export interface OptionRow {
  kind: 'text' | 'number' | 'flag' | 'choice' | 'secret' | 'url'
  /** Absent: none, the option stays unset. */
  default?: string
  choices?: readonly string[]
  min?: number
  max?: number
  help: string
}

/** What such a row holds once it is read. */
export type ValueOf<R extends OptionRow> = R['kind'] extends 'number'
  ? number
  : R['kind'] extends 'flag'
    ? boolean
    : R['kind'] extends 'secret'
      ? Secret
      : R extends { choices: readonly (infer C)[] }
        ? C
        : string

export type Env = Readonly<Record<string, string | undefined>>

/** NAME, or the content of the file named by NAME_FILE; both together are an error. */
export function rawValue(env: Env, name: string): string | undefined {
  const value = env[name],
    file = env[`${name}_FILE`]
  if (value !== undefined && file !== undefined)
    throw new ConfigError(`${name} and ${name}_FILE are both set. Set only one of them.`)
  if (file === undefined) return value === '' ? undefined : value
  const content = contentOf(name, file)
  // Half-written or not filled in yet: falling back to a default would be silent.
  if (content === '') throw new ConfigError(`${name}_FILE is ${file}, which is empty. Put the value into it.`)
  return content
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConfigError(
      `${name}_FILE is ${file}, which can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'}). Give the path of a readable file.`,
    )
  }
}

/** As its kind is written; a ConfigError where it is not. */
export function parse(name: string, row: OptionRow, value: string | undefined): unknown {
  if (value === undefined) return undefined
  switch (row.kind) {
    case 'number':
      return parseNumber(name, row, value)
    case 'flag':
      if (value !== '0' && value !== '1') throw new ConfigError(`${name} is “${value}”. Use 1 or 0.`)
      return value === '1'
    case 'choice':
      if (!row.choices?.includes(value))
        throw new ConfigError(`${name} is “${value}”. Use one of: ${row.choices?.join(', ')}.`)
      return value
    case 'url':
      if (!/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
        throw new ConfigError(`${name} is “${value}”. Use a full address such as https://portal.example.com.`)
      return value
    case 'secret':
      return new Secret(value)
    case 'text':
      return value
  }
}

function parseNumber(name: string, row: OptionRow, value: string): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= (row.min ?? 0) && number <= (row.max ?? Number.MAX_SAFE_INTEGER)))
    throw new ConfigError(`${name} is “${value}”. Use a whole number from ${row.min} to ${row.max}.`)
  return number
}
