import { failed, warning } from '../check-lines.ts'
import { type Ask, ageOf, type Dialect, type FoundUser, usualLifetime } from './dialect.ts'
import { databasePattern, literal } from './names.ts'
import { neededGlobally } from './rights.ts'
import { anonymousRights } from './rights-of-everybody.ts'
import { mariadbVerifier } from './verifier.ts'

export const mariadbDialect: Dialect = {
  name: 'MariaDB',
  oldest: [10, 5, 0],
  neededRights: target => neededGlobally.mariadb[target],

  verifierFor: async (ask, password) => mariadbVerifier(await pluginOf(ask), password),
  async checkPasswords(ask) {
    if (await refusesHashes(ask))
      return failed(
        'A plug-in validates passwords, and those that come as hashes, as all of the portal’s do, are refused. SET GLOBAL strict_password_validation = OFF;',
      )
    const plugin = await pluginOf(ask)
    return plugin === 'mysql_native_password'
      ? warning(
          "The server has no ed25519: passwords are kept as SHA-1 (mysql_native_password). Better: INSTALL SONAME 'auth_ed25519';",
        )
      : `As ${plugin}.`
  },
  identifiedBy: ({ plugin, text }) => `identified via ${plugin} using ${literal(text)}`,
  // A new password does.
  unblocking: async () => '',

  async usersWhere(ask, condition, values) {
    const usual = await usualLifetime(ask)
    const rows = await ask<GlobalPriv>(
      `select user as name, host as host, convert(priv using utf8mb4) as priv from mysql.global_priv where ${condition}`,
      values,
    )
    return rows.map(row => fromGlobalPriv(row, usual))
  },
  async rolesOf(ask, name, host) {
    const rows = await ask<{ role: string }>(
      'select role as role from mysql.roles_mapping where user = ? and host = ?',
      [name, host],
    )
    return rows.map(row => row.role)
  },
  grantedPlace: async (_ask, database) => databasePattern(database),
  async rightsOfEverybody(ask) {
    const open = await ask<{ place: string }>(`select db as place from mysql.db where user = 'PUBLIC'`)
    return [
      ...(await anonymousRights(ask)),
      ...open.map(({ place }) => `REVOKE ALL ON \`${place}\`.* FROM PUBLIC;`),
    ]
  },

  sessions: ask =>
    ask('select id as id, user as user from information_schema.processlist where id <> connection_id()'),
  signingIn: null,

  identityQuery: 'select @@global.server_id as id',
  positionQuery: 'select @@global.gtid_binlog_pos as position',
  waitQuery: seconds => `select master_gtid_wait(?, ${seconds}) as late`,
  howToNumber: 'Switch its binary log on.',
  whyReplicaRefuses: async () => null,
}

/** The best that this server has. */
async function pluginOf(ask: Ask): Promise<'ed25519' | 'mysql_native_password'> {
  const active = await ask(
    `select 1 from information_schema.plugins where plugin_name = 'ed25519' and plugin_status = 'ACTIVE'`,
  )
  return active.length > 0 ? 'ed25519' : 'mysql_native_password'
}

async function refusesHashes(ask: Ask): Promise<boolean> {
  const [row] = await ask<{ count: number }>(
    `select count(*) * @@global.strict_password_validation as count from information_schema.plugins
      where plugin_type = 'PASSWORD VALIDATION' and plugin_status = 'ACTIVE'`,
  )
  return Number(row?.count ?? 0) > 0
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
