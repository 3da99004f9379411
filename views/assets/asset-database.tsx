import type { AssetDatabase, DatabaseServer } from '../../src/database-accounts/servers.ts'
import { addressWords } from '../ui/address-words.ts'
import type { Fact } from '../ui/facts.tsx'

/** Where the database of an asset is, for those who see the asset. */
export function databaseFacts(
  found: { database: AssetDatabase; server: DatabaseServer } | null,
): readonly Fact[] {
  if (!found) return []
  const { database, server } = found
  return [
    {
      label: 'Database',
      value: (
        <>
          <code>{database.database_name}</code> at <code>{addressWords(server.host, server.port)}</code>
        </>
      ),
    },
    { label: 'High availability (HADR)', value: standbyWords(server) },
  ]
}

const standbyWords = ({ standby_host, standby_port }: DatabaseServer) =>
  standby_host === null || standby_port === null ? (
    'no'
  ) : (
    <>
      yes, standby at <code>{addressWords(standby_host, standby_port)}</code>
    </>
  )
