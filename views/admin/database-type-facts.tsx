import type { AccessType } from '../../src/access/access-types.ts'
import { noticeDays, passwordDays } from '../../src/database-accounts/accounts.ts'
import { paths } from '../../src/paths.ts'
import type { Fact } from '../ui/facts.tsx'

const kinds = {
  'database-service': { days: passwordDays.service, name: 'dbsrv_ and what the person chooses' },
  'database-user': { days: passwordDays.user, name: 'dbusr_ and what is derived from the person' },
} as const

/** What the built-in database types do, where an operator looks for their rules. */
export function databaseTypeFacts({ kind }: Pick<AccessType, 'kind'>): Fact[] {
  if (kind !== 'database-service' && kind !== 'database-user') return []
  return [
    {
      label: 'Makes an account on',
      value: (
        <>
          the asset’s <a href={paths.adminDatabaseServers()}>database server</a>, where one is set and has
          passed its check
        </>
      ),
    },
    { label: 'Name of the account', value: kinds[kind].name },
    { label: 'Non-production', value: 'read and write, on the primary' },
    { label: 'Production', value: 'read only, on the standby; only with high availability (HADR)' },
    {
      label: 'Password',
      value: `ends after ${kinds[kind].days} days; its owner is told ${noticeDays.join(', ')} days before, then it is reset by itself`,
    },
  ]
}
