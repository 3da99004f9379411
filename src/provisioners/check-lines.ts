import { type CheckLine, ProvisionerError } from './provisioner.ts'

/** What a look at one thing has found: in words where it is as it should be. */
export type Finding = string | Omit<CheckLine, 'what'>

export const failed = (says: string) => ({ level: 'failed', says }) as const
export const warning = (says: string) => ({ level: 'warning', says }) as const

/** Adds a line that names it; what it throws, if that can be expected, is a failure of it. False: it has failed. */
export async function look(lines: CheckLine[], what: string, find: () => Promise<Finding>): Promise<boolean> {
  try {
    const found = await find()
    const line = typeof found === 'string' ? ({ level: 'ok', says: found } as const) : found
    lines.push({ what, ...line })
    return line.level !== 'failed'
  } catch (error) {
    if (!(error instanceof ProvisionerError)) throw error
    lines.push({ what, level: 'failed', says: error.message })
    return false
  }
}
