import { Script } from 'node:vm'

/** For some patterns a short text takes years: nobody else may have to wait for that. */
const longestMs = 250

const matches = new Script("new RegExp(pattern, 'u').test(value)")

/** Whether the whole text is as a pattern of the operators says. */
export function matchesWhole(pattern: string, value: string): 'yes' | 'no' | 'takes too long' {
  try {
    const given = { pattern: `^(?:${pattern})$`, value }
    return matches.runInNewContext(given, { timeout: longestMs }) === true ? 'yes' : 'no'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'takes too long'
    throw error
  }
}
