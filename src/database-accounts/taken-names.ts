import { type Expression, type SqlBool, sql } from 'kysely'
import { openStatuses } from '../access/access-states.ts'
import type { DbOrTx } from '../deps.ts'

/** Names that are asked about: some, and all with one beginning. */
export interface NamesAsked {
  names?: readonly string[]
  beginning?: string
}

/**
 * Which names are taken on a server, as far as the portal knows: by accesses that reserve them, by accounts that are
 * not gone, and by what the last look at the server has found. `freed`: accesses that end in the same act.
 */
export async function takenNames(
  db: DbOrTx,
  serverId: number,
  asked: NamesAsked,
  freed: readonly number[] = [],
): Promise<ReadonlySet<string>> {
  const reserved = db
    .selectFrom('accesses')
    .select('database_account as name')
    .where('database_server_id', '=', serverId)
    .where('status', 'in', [...openStatuses])
    .where('transfer_of', 'is', null)
    .where(isAsked('accesses.database_account', asked))
  const accounts = db
    .selectFrom('database_accounts')
    .select('name')
    .where('server_id', '=', serverId)
    .where('gone_at', 'is', null)
    .where(isAsked('database_accounts.name', asked))
    .execute()
  const strangers = db
    .selectFrom('drift_findings')
    .select('name')
    .where('server_id', '=', serverId)
    .where('kind', '=', 'ORPHAN')
    .where('settled_at', 'is', null)
    .where(isAsked('drift_findings.name', asked))
    .execute()
  const ofAccesses = (freed.length === 0 ? reserved : reserved.where('id', 'not in', [...freed])).execute()
  const rows = [...(await ofAccesses), ...(await accounts), ...(await strangers)]
  return new Set(rows.flatMap(({ name }) => name ?? []))
}

function isAsked(column: string, { names = [], beginning }: NamesAsked): Expression<SqlBool> {
  const name = sql.ref(column)
  const either = [
    ...(names.length > 0 ? [sql<SqlBool>`${name} in (${sql.join([...names])})`] : []),
    // '{' comes right after 'z', the last character that names are made of.
    ...(beginning === undefined
      ? []
      : [sql<SqlBool>`(${name} >= ${beginning} and ${name} < ${`${beginning}{`})`]),
  ]
  return either.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(either, sql` or `)})`
}
