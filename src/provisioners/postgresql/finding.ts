import type { CheckLine } from '../provisioner.ts'

/** What a look at one thing has found: in words where it is as it should be. */
export type Finding = string | Omit<CheckLine, 'what'>

export const failed = (says: string) => ({ level: 'failed', says }) as const
export const warning = (says: string) => ({ level: 'warning', says }) as const
