import { type Account, ProvisionerError } from '../provisioner.ts'
import { accountOf, granteeOf, quoted } from './names.ts'
import { query, type Session, schemas } from './session.ts'

const readWrite = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

export const rightsFor = (readOnly: boolean): readonly string[] => (readOnly ? ['SELECT'] : readWrite)

/** Whoever may write there may do everything. */
const systems = new Set([
  'mysql',
  'sys',
  'information_schema',
  'performance_schema',
  ...Object.values(schemas),
])

/** Its rights on the asset's database, for tables that are yet to come too; none on one that we had given before. */
export async function ensureRights(
  session: Session,
  { name, database, readOnly }: Pick<Account, 'name' | 'database' | 'readOnly'>,
  before: string | null,
): Promise<void> {
  if (systems.has(database.toLowerCase()))
    throw new ProvisionerError('failed', `The database ${database} is the server’s own: nobody gets into it.`)
  const { ask, dialect } = session
  const wanted = await dialect.grantedPlace(ask, database)
  const rights = rightsFor(readOnly)
  const former = before === null ? wanted : await dialect.grantedPlace(ask, before)
  for (const place of new Set([wanted, former]))
    await revokeBeyond(session, name, place, place === wanted ? rights : [])
  await session.client.query(`grant ${rights.join(', ')} on ${quoted(wanted)}.* to ${accountOf(name)}`)
}

async function revokeBeyond(
  session: Session,
  name: string,
  place: string,
  rights: readonly string[],
): Promise<void> {
  const found = await query<{ kind: string; grantable: string }>(
    session,
    `select privilege_type as kind, is_grantable as grantable from information_schema.schema_privileges
      where binary grantee = ? and table_schema = ?`,
    [granteeOf(name), place],
  )
  const extra = found.map(right => right.kind).filter(kind => kind !== 'USAGE' && !rights.includes(kind))
  if (found.some(right => right.grantable === 'YES')) extra.push('GRANT OPTION')
  for (const kind of extra)
    await session.client.query(`revoke ${kind} on ${quoted(place)}.* from ${accountOf(name)}`)
}
