import { people } from './0001-people.ts'
import { signIn } from './0002-sign-in.ts'
import { assets } from './0003-assets.ts'
import { serviceRequests } from './0004-service-requests.ts'
import { jobs } from './0005-jobs.ts'
import { runs } from './0006-runs.ts'
import { mailsAndAudit } from './0007-mails-and-audit.ts'
import { startCenter } from './0008-start-center.ts'
import { builtInActions } from './0009-built-in-actions.ts'
import { assetHealth } from './0010-asset-health.ts'
import { runValues } from './0011-run-values.ts'
import { accessManagement } from './0012-access-management.ts'
import { databaseAccounts } from './0013-database-accounts.ts'
import { objectStorage } from './0014-object-storage.ts'
import type { Migration } from './migration.ts'

/** In the order they are applied. Imported, not looked up, so that a bundle holds them. */
export const migrations: readonly Migration[] = [
  people,
  signIn,
  assets,
  serviceRequests,
  jobs,
  runs,
  mailsAndAudit,
  startCenter,
  builtInActions,
  assetHealth,
  runValues,
  accessManagement,
  databaseAccounts,
  objectStorage,
]
