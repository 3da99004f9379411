import { failed } from '../check-lines.ts'
import { ProvisionerError } from '../provisioner.ts'
import { isStorageFormat, type Storage } from './caching-sha2.ts'
import { type Ask, ageOf, type Dialect, type FoundUser, isFrom, usualLifetime } from './dialect.ts'
import { databasePattern } from './names.ts'
import { neededGlobally } from './rights.ts'
import { anonymousRights } from './rights-of-everybody.ts'
import { mysqlVerifier } from './verifier.ts'

export const mysqlDialect: Dialect = {
  name: 'MySQL',
  // That takes hashes in hexadecimal.
  oldest: [8, 0, 17],
  neededRights(target, version) {
    const { usual, definers } = neededGlobally.mysql
    return [
      ...usual[target],
      ...definers
        .filter(one => isFrom(version, one.from))
        .slice(-1)
        .map(one => one.right),
    ]
  },

  async verifierFor(ask, password) {
    const { format, rounds } = await storageOf(ask)
    if (!isStorageFormat(format)) throw new ProvisionerError('failed', unknownFormat(format))
    return mysqlVerifier({ format, rounds }, password)
  },
  async checkPasswords(ask) {
    const { format } = await storageOf(ask)
    return isStorageFormat(format)
      ? `As caching_sha2_password, stored as ${format}.`
      : failed(unknownFormat(format))
  },
  // Its own salts have quotes and control characters.
  identifiedBy: ({ plugin, text }) =>
    `identified with ${plugin} as 0x${Buffer.from(text).toString('hex').toUpperCase()}`,
  async unblocking(ask, name) {
    const at = '$.Password_locking'
    const [row] = await ask<{ attempts: number | string | null; days: number | string | null }>(
      `select json_extract(user_attributes, '${at}.failed_login_attempts') as attempts,
          json_extract(user_attributes, '${at}.password_lock_time_days') as days
        from mysql.user where user = ? and host = '%'`,
      [name],
    )
    if (!row || row.attempts === null || row.days === null) return ''
    const days = Number(row.days)
    // The same again: it counts anew.
    return `failed_login_attempts ${Number(row.attempts)} password_lock_time ${days < 0 ? 'unbounded' : days}`
  },

  async usersWhere(ask, condition, values) {
    const usual = await usualLifetime(ask)
    const rows = await ask<MysqlUser>(
      `select user as name, host as host, plugin as plugin, convert(authentication_string using utf8mb4) as text, account_locked as locked,
        password_expired as expired, unix_timestamp(password_last_changed) as changed, password_lifetime as days,
        ssl_type as tls from mysql.user where ${condition}`,
      values,
    )
    return rows.map(row => fromMysqlUser(row, usual))
  },
  async rolesOf(ask, name, host) {
    const rows = await ask<{ role: string }>(
      'select from_user as role from mysql.role_edges where to_user = ? and to_host = ?',
      [name, host],
    )
    return rows.map(row => row.role)
  },
  async grantedPlace(ask, database) {
    const [row] = await ask<{ on: number }>('select @@global.partial_revokes as `on`')
    // Then nothing in it stands for something else, an escaped underscore neither.
    return Number(row?.on) === 1 ? database : databasePattern(database)
  },
  async rightsOfEverybody(ask) {
    const [row] = await ask<{ roles: string | null }>('select @@global.mandatory_roles as roles')
    return [...(await anonymousRights(ask)), ...(row?.roles ? [`SET PERSIST mandatory_roles = '';`] : [])]
  },

  async sessions(ask) {
    const [me] = await ask<{ id: number }>('select connection_id() as id')
    // The tables that have the same are deprecated, or may be switched off.
    const rows = await ask<{ Id: number; User: string }>('show processlist')
    const sessions = rows.map(row => ({ id: Number(row.Id), user: row.User }))
    const others = sessions.filter(({ id }) => id !== Number(me?.id))
    // It may be told to read a table that is empty: then nobody seems to be there.
    if (others.length === sessions.length) throw new ProvisionerError('failed', showsNobody)
    return others
  },
  signingIn: 'unauthenticated user',

  identityQuery: 'select @@global.server_uuid as id',
  // Once switched off again, what was numbered before says nothing of what comes.
  positionQuery: `select if(@@global.gtid_mode = 'ON', @@global.gtid_executed, '') as position`,
  waitQuery: seconds => `select wait_for_executed_gtid_set(?, ${seconds}) as late`,
  howToNumber: 'Switch gtid_mode and enforce_gtid_consistency on.',
  async whyReplicaRefuses(ask) {
    const [row] = await ask<{ on: number }>('select @@global.super_read_only as `on`')
    return Number(row?.on) === 1
      ? 'Nobody can make accounts on it, the portal neither: super_read_only is on. SET PERSIST super_read_only = OFF; leaves it read-only for everybody else.'
      : null
  },
}

/** As new passwords are stored: another form may be declared expired (caching_sha2_password_enforce_storage_format). */
async function storageOf(ask: Ask): Promise<Omit<Storage, 'format'> & { format: string }> {
  // Older servers have no such variables.
  const rows = await ask<{ Variable_name: string; Value: string }>(
    `show global variables where variable_name in ('caching_sha2_password_storage_format', 'caching_sha2_password_digest_rounds')`,
  )
  const values = new Map(rows.map(row => [row.Variable_name, row.Value]))
  const rounds = Number(values.get('caching_sha2_password_digest_rounds') ?? 5000)
  return {
    format: values.get('caching_sha2_password_storage_format') ?? 'CRYPT5',
    rounds: Math.min(Math.floor(rounds / 1000) * 1000, mostRounds),
  }
}

const showsNobody =
  'The server does not show who is connected. SET PERSIST performance_schema_show_processlist = OFF;'

const unknownFormat = (format: string) =>
  `The portal does not know how to store passwords as ${format}. SET PERSIST caching_sha2_password_storage_format = 'CRYPT5';`

/** A server may want four millions, for seconds of which the portal would do nothing else; our passwords are long. */
const mostRounds = 100_000

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
