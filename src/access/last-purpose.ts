import type { RunPurpose } from '../../db/schema.ts'
import { latestRunOfAccess } from '../automation/runs.ts'
import { accountOfAccess } from '../database-accounts/accounts.ts'
import type { DbOrTx } from '../deps.ts'
import type { Access } from './change-access.ts'

/** Which way the background work on an access went last: what a failed one is at. */
export async function lastPurposeOf(db: DbOrTx, access: Access): Promise<RunPurpose | null | undefined> {
  if (access.database_account === null) return (await latestRunOfAccess(db, access.id))?.purpose
  // Locked from the moment on that it is to be given back.
  return (await accountOfAccess(db, access.id))?.state === 'LOCKED' ? 'grant' : 'removal'
}
