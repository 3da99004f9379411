import { randomBytes } from 'node:crypto'
import { type Account, ProvisionerError } from '../provisioner.ts'
import { literal, quoted } from './names.ts'
import { query, type Session } from './session.ts'

/**
 * What the portal writes down on the server before it makes an account, because MariaDB has no place for a mark on the
 * account itself and no transaction around CREATE USER. `making` and `removing` carry a digest of what the account
 * signs in with: an account is then ours only if it has just that, so that after a crash none that somebody else has
 * made meanwhile is taken for it.
 */
export interface Entry {
  mark: number
  database: string
  readOnly: boolean
  state: 'making' | 'made' | 'removing'
  digest: string | null
}

interface Row {
  mark: number
  database_name: string
  read_only: number
  state: Entry['state']
  digest: string | null
}

const tableOf = ({ schema }: Session) => `${quoted(schema)}.accounts`

export async function hasBook(session: Session): Promise<boolean> {
  const found = await query(
    session,
    `select 1 from information_schema.tables where table_schema = ? and table_name = 'accounts'`,
    [session.schema],
  )
  return found.length > 0
}

/** Looks first: a CREATE would go to the replicas every time. */
export async function ensureBook(session: Session): Promise<void> {
  if (await hasBook(session)) return
  const { client } = session
  const schema = quoted(session.schema)
  await client.query(`create database if not exists ${schema}`)
  await client.query(`create table if not exists ${schema}.server (
    one tinyint not null primary key, id char(32) character set ascii not null) engine = InnoDB`)
  await client.query(`insert ignore into ${schema}.server values (1, '${randomBytes(16).toString('hex')}')`)
  // Last: it is what hasBook looks for.
  await client.query(`create table if not exists ${schema}.accounts (
    name varchar(80) character set utf8mb4 collate utf8mb4_bin not null primary key,
    mark bigint not null, database_name varchar(64) character set utf8mb4 collate utf8mb4_bin not null,
    read_only tinyint not null, state varchar(10) character set ascii not null,
    digest char(64) character set ascii) engine = InnoDB`)
}

/** Made with the book, once: another one means another server. Empty: there is no book yet. */
export async function bookId(session: Session): Promise<string> {
  if (!(await hasBook(session))) return ''
  const [row] = await query<{ id: string }>(session, `select id from ${quoted(session.schema)}.server`)
  return row?.id ?? ''
}

export async function readEntry(session: Session, name: string): Promise<Entry | null> {
  if (!(await hasBook(session))) return null
  const [row] = await query<Row>(session, `select * from ${tableOf(session)} where name = ?`, [name])
  return row ? entryOf(row) : null
}

export async function readEntries(session: Session, names: readonly string[]): Promise<Map<string, Entry>> {
  if (names.length === 0 || !(await hasBook(session))) return new Map()
  const rows = await query<Row & { name: string }>(
    session,
    `select * from ${tableOf(session)} where name in (${names.map(literal).join(', ')})`,
  )
  return new Map(rows.map(row => [row.name, entryOf(row)]))
}

/** Names in the book with this mark. */
export async function namesWithMark(session: Session, mark: number): Promise<string[]> {
  if (!(await hasBook(session))) return []
  const rows = await query<{ name: string }>(session, `select name from ${tableOf(session)} where mark = ?`, [
    mark,
  ])
  return rows.map(row => row.name)
}

const entryOf = (row: Row): Entry => ({
  mark: Number(row.mark),
  database: row.database_name,
  readOnly: row.read_only === 1,
  state: row.state,
  digest: row.digest,
})

type Written = Pick<Account, 'name' | 'mark' | 'database' | 'readOnly'>

export async function writeEntry(
  session: Session,
  { name, mark, database, readOnly }: Written,
  state: Entry['state'],
  digest: string | null,
): Promise<void> {
  if ([...name].length > 80) throw new ProvisionerError('failed', 'The name is too long for an account.')
  await ensureBook(session)
  await query(
    session,
    `replace into ${tableOf(session)} (name, mark, database_name, read_only, state, digest) values (?, ?, ?, ?, ?, ?)`,
    [name, mark, database, readOnly ? 1 : 0, state, digest],
  )
}

export async function deleteEntry(session: Session, name: string, mark: number): Promise<void> {
  if (await hasBook(session))
    await query(session, `delete from ${tableOf(session)} where name = ? and mark = ?`, [name, mark])
}
