import { hash } from 'node:crypto'
import { ProvisionerError } from '../provisioner.ts'
import { type Entry, readEntry } from './book.ts'
import { query, type Session } from './session.ts'
import type { Verifier } from './verifier.ts'

/** An account of that name as it stands in the server's tables. Another host is another account. */
export interface FoundUser {
  name: string
  host: string
  verifier: { plugin: string; text: string }
  locked: boolean
  /** When its password was last set; null: it has been declared expired. */
  changedAt: Date | null
  /** The server's own end of it; null: none. */
  validUntil: Date | null
  needsTls: boolean
}

/** Null in `names`: all of them that the condition gives. */
export async function findUsers(session: Session, name: string): Promise<FoundUser[]> {
  return usersWhere(session, 'user = ?', [name])
}

export async function usersWhere(
  session: Session,
  condition: string,
  values: readonly (string | number)[],
): Promise<FoundUser[]> {
  const usual = await defaultLifetime(session)
  if (session.isMariadb) {
    const rows = await query<GlobalPriv>(
      session,
      `select user as name, host as host, convert(priv using utf8mb4) as priv from mysql.global_priv where ${condition}`,
      values,
    )
    return rows.map(row => fromGlobalPriv(row, usual))
  }
  const rows = await query<MysqlUser>(
    session,
    `select user as name, host as host, plugin as plugin, convert(authentication_string using utf8mb4) as text, account_locked as locked,
        password_expired as expired, unix_timestamp(password_last_changed) as changed, password_lifetime as days,
        ssl_type as tls from mysql.user where ${condition}`,
    values,
  )
  return rows.map(row => fromMysqlUser(row, usual))
}

async function defaultLifetime(session: Session): Promise<number> {
  const [row] = await query<{ days: number }>(session, 'select @@global.default_password_lifetime as days')
  return Number(row?.days ?? 0)
}

interface GlobalPriv {
  name: string
  host: string
  priv: string
}

function fromGlobalPriv({ name, host, priv }: GlobalPriv, usual: number): FoundUser {
  const facts = JSON.parse(priv) as Record<string, unknown>
  const number = (key: string, otherwise: number) => (typeof facts[key] === 'number' ? facts[key] : otherwise)
  const lifetime = number('password_lifetime', -1)
  const text = (key: string) => (typeof facts[key] === 'string' ? facts[key] : '')
  return {
    name,
    host,
    // Several ways to sign in were never set by us: then it is none of ours.
    verifier: {
      plugin: 'auth_or' in facts ? 'several' : text('plugin'),
      text: text('authentication_string'),
    },
    locked: facts.account_locked === true,
    needsTls: number('ssl_type', 0) > 0,
    ...ageOf(number('password_last_changed', -1), lifetime < 0 ? usual : lifetime),
  }
}

interface MysqlUser {
  name: string
  host: string
  plugin: string
  text: string
  locked: string
  expired: string
  changed: number | string | null
  days: number | null
  tls: string
}

const fromMysqlUser = (row: MysqlUser, usual: number): FoundUser => ({
  name: row.name,
  host: row.host,
  verifier: { plugin: row.plugin, text: row.text },
  locked: row.locked === 'Y',
  needsTls: row.tls !== '',
  ...ageOf(row.expired === 'Y' ? 0 : Number(row.changed ?? -1), row.days ?? usual),
})

/** In seconds and days. Zero: declared expired; negative: never noted, and then it has no age. */
function ageOf(changed: number, days: number): Pick<FoundUser, 'changedAt' | 'validUntil'> {
  if (changed === 0) return { changedAt: null, validUntil: new Date(0) }
  const changedAt = changed < 0 ? null : new Date(changed * 1000)
  const ends = changedAt !== null && days > 0
  return { changedAt, validUntil: ends ? new Date(changedAt.getTime() + days * 86_400_000) : null }
}

export const digestOf = ({ plugin, text }: Verifier | FoundUser['verifier']): string =>
  hash('sha256', `${plugin}\0${text}`, 'hex')

export const everywhere = '%'

/** Whose account of this name it is: the mark it was made for, `free`, or null for somebody else's. */
export async function ownerOf(
  session: Session,
  name: string,
): Promise<{ found: FoundUser[]; entry: Entry | null; mark: number | null | 'free' }> {
  const found = await findUsers(session, name)
  const entry = await readEntry(session, name)
  if (found.length === 0) return { found, entry, mark: 'free' }
  const ours = found.find(user => user.host === everywhere)
  const isMade = entry?.state === 'made' || (ours && entry?.digest === digestOf(ours.verifier))
  return { found, entry, mark: ours && entry && isMade ? entry.mark : null }
}

/** The account's own. Throws `missing`, or `not-ours`. */
export async function ownUser(
  session: Session,
  { name, mark }: { name: string; mark: number },
): Promise<FoundUser> {
  const owner = await ownerOf(session, name)
  if (owner.mark === 'free')
    throw new ProvisionerError('missing', `There is no account ${name} on the server.`)
  const user = owner.found.find(one => one.host === everywhere)
  if (owner.mark !== mark || !user) throw notOurs(name)
  return user
}

export const notOurs = (name: string) =>
  new ProvisionerError(
    'not-ours',
    `There is an account ${name} on the server that the portal has not made for this access.`,
  )
