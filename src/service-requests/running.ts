import type { RequestStatus } from '../../db/schema.ts'

/** Under way, or perhaps still under way, or about to be decided: their environment can't go away under them. */
export const runningStatuses = ['PENDING', 'INPROG', 'UNKNOWN'] as const satisfies readonly RequestStatus[]

export const isRunning = (status: RequestStatus) =>
  (runningStatuses as readonly RequestStatus[]).includes(status)
