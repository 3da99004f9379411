import type { DbOrTx } from '../deps.ts'

/** What stands open, with the server and the access it is about. */
export const openFindings = (db: DbOrTx, limit: number) =>
  findings(db)
    .where('drift_findings.settled_at', 'is', null)
    .orderBy('database_servers.name')
    .orderBy('drift_findings.kind')
    .orderBy('drift_findings.name')
    .limit(limit)
    .execute()

/** What was settled last. */
export const settledFindings = (db: DbOrTx, limit: number) =>
  findings(db)
    .where('drift_findings.settled_at', 'is not', null)
    .orderBy('drift_findings.settled_at', 'desc')
    .orderBy('drift_findings.id', 'desc')
    .limit(limit)
    .execute()

export const findFinding = (db: DbOrTx, id: number) =>
  findings(db).where('drift_findings.id', '=', id).executeTakeFirst()

export type Finding = Awaited<ReturnType<typeof openFindings>>[number]

const findings = (db: DbOrTx) =>
  db
    .selectFrom('drift_findings')
    .innerJoin('database_servers', 'database_servers.id', 'drift_findings.server_id')
    .leftJoin('database_accounts', 'database_accounts.id', 'drift_findings.account_id')
    .leftJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .leftJoin('persons', 'persons.id', 'accesses.person_id')
    .leftJoin('accesses as adopting', 'adopting.id', 'drift_findings.adopt_access_id')
    .leftJoin('persons as adopters', 'adopters.id', 'adopting.person_id')
    .selectAll('drift_findings')
    .select([
      'database_servers.name as server',
      'accesses.id as access_id',
      'accesses.status as access_status',
      'accesses.person_id',
      'accesses.asset_id',
      'persons.display_name as person',
      'adopting.status as adopt_status',
      'adopting.person_id as adopt_person_id',
      'adopting.asset_id as adopt_asset_id',
      'adopters.display_name as adopter',
    ])

/** When each server in use was compared last, and why not since. */
export const comparisons = (db: DbOrTx) =>
  db
    .selectFrom('database_servers')
    .where('status', '=', 'ACTIVE')
    .select(['id', 'name', 'drift_at', 'drift_error'])
    .orderBy('name')
    .execute()

/** Assets with a database on a server. */
export const assetsWithDatabaseOn = (db: DbOrTx, serverId: number) =>
  db
    .selectFrom('asset_databases')
    .innerJoin('assets', 'assets.id', 'asset_databases.asset_id')
    .where('asset_databases.server_id', '=', serverId)
    .where('assets.status', '=', 'ACTIVE')
    .select(['assets.id', 'assets.description', 'assets.customer_id'])
    .orderBy('assets.id')
    .execute()
