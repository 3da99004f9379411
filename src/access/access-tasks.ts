import type { RunPurpose } from '../../db/schema.ts'
import { hours, minutes } from '../clock.ts'
import { pendingWords } from './access-states.ts'
import type { Access } from './change-access.ts'

/** What the background work has to do about an access. */
export const accessTasks = {
  grant: { purpose: 'grant', word: pendingWords.grant },
  resume: { purpose: 'grant', word: pendingWords.resume },
  suspend: { purpose: 'removal', word: pendingWords.suspend },
  remove: { purpose: 'removal', word: pendingWords.removed },
  /** A database account in use gets another password. */
  reset: { purpose: 'grant', word: pendingWords.reset },
} as const satisfies Record<string, { purpose: RunPurpose; word: string }>

export type AccessTask = keyof typeof accessTasks

/**
 * What an access calls for, by its Status and Pending Status; null: nothing. After a failure only the last run tells
 * whether a suspended one was being taken away or given back.
 */
export function taskOf(
  access: Pick<Access, 'status' | 'pending_status' | 'decision'>,
  lastPurpose: RunPurpose | null | undefined,
): AccessTask | null {
  if (access.status === 'PROCESSING') return access.decision === 'APPROVED' ? 'grant' : null
  if (access.status === 'PENDING REMOVAL') return 'remove'
  if (access.status === 'APPROVED') return access.pending_status === null ? null : 'reset'
  if (access.status !== 'SUSPENDED' || access.pending_status === null) return null
  if (hasFailed(access)) return lastPurpose === 'grant' ? 'resume' : 'suspend'
  return access.pending_status.startsWith(pendingWords.resume) ? 'resume' : 'suspend'
}

const failed = 'FAILED: '
const longestReason = 300

/** As Pending Status shows it. */
export const failedWords = (reason: string): string =>
  failed + inShort(reason.replace(/\s+/g, ' ').trim() || 'no reason is known.')

/** The same for what waits, and for what. */
export const waitingWords = (task: AccessTask, why: string): string =>
  `${accessTasks[task].word}: ${inShort(why)}`

const inShort = (text: string) =>
  text.length > longestReason ? `${text.slice(0, longestReason - 1)}…` : text

export const hasFailed = (access: Pick<Access, 'pending_status'>): boolean =>
  access.pending_status?.startsWith(failed) ?? false

/** A worker has it in hand, or will in a moment. */
export const isBeingWorkedOn = (access: Pick<Access, 'pending_status'>): boolean =>
  access.pending_status !== null && !hasFailed(access)

/** The longest wait between two attempts. */
export const longestDelay = hours(6)

/** Until the next attempt, after so many that have failed. */
export const retryDelay = (failures: number): number =>
  Math.min(longestDelay, minutes(1) * 2 ** Math.min(20, Math.max(0, failures - 1)))
