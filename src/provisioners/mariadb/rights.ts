import type { Version } from './dialect.ts'

/** What the portal's account on a server needs; for the help page and for checks. `app` is an asset's database. */
export interface LeastRights {
  versions: string
  statements: readonly string[]
  /** On the standby as well, where there is one: replication brings the others there. */
  standby: readonly string[]
  why: string
}

const book = 'grant create, select, insert, update, delete on gatehouse.* to gatehouse;'
const standbyBook = 'grant create, select, insert, update, delete on gatehouse_replica.* to gatehouse;'
const assets =
  'grant select, insert, update, delete, show view, trigger, event on `app`.* to gatehouse with grant option;'

export const mariadbRights: LeastRights = {
  versions: 'MariaDB 10.5 and later',
  statements: [
    "create user gatehouse identified by '…' require ssl;",
    'grant create user, process, connection admin on *.* to gatehouse;',
    'grant select on mysql.* to gatehouse;',
    book,
    assets,
  ],
  standby: ['grant binlog admin, read_only admin on *.* to gatehouse;', standbyBook],
  why: 'CREATE USER reaches every account of the server, its administrators’ too: give the server to the portal’s environments alone. With SHOW VIEW, TRIGGER and EVENT it can report what goes by an account’s name. Write an underscore in a database’s name as \\_.',
}

export const mysqlRights: LeastRights = {
  versions: 'MySQL 8.0.17 and later',
  statements: [
    "create user gatehouse identified by '…' require ssl;",
    'grant create user, process, connection_admin, show_routine, allow_nonexistent_definer on *.* to gatehouse;',
    'grant select on mysql.* to gatehouse;',
    book,
    assets,
  ],
  standby: ['grant session_variables_admin on *.* to gatehouse;', standbyBook],
  why: 'CREATE USER reaches every account without SYSTEM_USER: give the server to the portal’s environments alone. With SHOW VIEW, TRIGGER, EVENT and SHOW_ROUTINE (from 8.0.20 on) it can report what goes by an account’s name, and with ALLOW_NONEXISTENT_DEFINER take the account away all the same; before 8.2 that is SET_USER_ID, before 8.0.22 nothing. Write an underscore in a database’s name as \\_, unless partial_revokes is on.',
}

/** As information_schema.user_privileges has them. */
export const neededGlobally = {
  mariadb: {
    primary: ['CREATE USER', 'PROCESS', 'CONNECTION ADMIN'],
    standby: ['CREATE USER', 'PROCESS', 'CONNECTION ADMIN', 'BINLOG ADMIN', 'READ_ONLY ADMIN'],
  },
  mysql: {
    usual: {
      primary: ['CREATE USER', 'PROCESS', 'CONNECTION_ADMIN'],
      standby: ['CREATE USER', 'PROCESS', 'CONNECTION_ADMIN', 'SESSION_VARIABLES_ADMIN'],
    },
    /** Without it an account that is the DEFINER of something can't be dropped, since that is refused at all. */
    definers: [
      { from: [8, 0, 22] as Version, right: 'SET_USER_ID' },
      { from: [8, 2, 0] as Version, right: 'ALLOW_NONEXISTENT_DEFINER' },
    ],
  },
} as const
