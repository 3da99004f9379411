/** What the portal's account on a server needs; for the help page and for checks. `app` is an asset's database. */
export interface LeastRights {
  versions: string
  statements: readonly string[]
  /** On the standby as well, where there is one: replication brings the others there. */
  standby: readonly string[]
  why: string
}

export const mariadbRights: LeastRights = {
  versions: 'MariaDB 10.5 and later',
  statements: [
    "create user gatehouse identified by '…' require ssl;",
    'grant create user, process, connection admin on *.* to gatehouse;',
    'grant select on mysql.* to gatehouse;',
    'grant create, select, insert, update, delete on gatehouse.* to gatehouse;',
    'grant select, insert, update, delete, show view, trigger, event on `app`.* to gatehouse with grant option;',
  ],
  standby: [
    'grant binlog admin, read_only admin on *.* to gatehouse;',
    'grant create, select, insert, update, delete on gatehouse_replica.* to gatehouse;',
  ],
  why: 'CREATE USER reaches every account of the server, its administrators’ too: give the server to the portal’s environments alone. With SHOW VIEW, TRIGGER and EVENT it can report what goes by an account’s name. Write an underscore in a database’s name as \\_.',
}

export const mysqlRights: LeastRights = {
  versions: 'MySQL 8.0.17 and later',
  statements: [
    "create user gatehouse identified by '…' require ssl;",
    'grant create user, process, connection_admin on *.* to gatehouse;',
    ...mariadbRights.statements.slice(2),
  ],
  standby: [
    'grant session_variables_admin, connection_admin on *.* to gatehouse;',
    ...mariadbRights.standby.slice(1),
  ],
  why: mariadbRights.why,
}

/** As information_schema.user_privileges has them. */
export const neededGlobally = {
  mariadb: {
    primary: ['CREATE USER', 'PROCESS', 'CONNECTION ADMIN'],
    standby: ['CREATE USER', 'PROCESS', 'CONNECTION ADMIN', 'BINLOG ADMIN', 'READ_ONLY ADMIN'],
  },
  mysql: {
    primary: ['CREATE USER', 'PROCESS', 'CONNECTION_ADMIN'],
    standby: ['CREATE USER', 'PROCESS', 'CONNECTION_ADMIN', 'SESSION_VARIABLES_ADMIN'],
  },
} as const
