import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { mariadbPrograms, mysqlNotRun, mysqlProgram, notRun } from './mariadb-programs.ts'

/** What MariaDB and MySQL do each in their own way, as far as the test servers need it. */
export interface Flavour {
  name: 'MariaDB' | 'MySQL'
  server: string
  /** Whom root starts it as. */
  user: string
  /** Makes an empty data folder. */
  createData(folder: string, asUser: readonly string[]): void
  /** Arguments beyond those that both take. */
  settings: readonly string[]
  /** Run at every start: an account that was changed by hand is not what tests rely on. */
  onStart: readonly string[]
  /** For a replica on this machine. */
  follow(port: number, name: string, password: string): string
  /** Gives `at`, what the primary has done. */
  position: string
  waitFor(at: string): string
  reloadCertificate: string
}

/** The MariaDB of this machine. */
export function mariadbFlavour(): Flavour {
  const programs = mariadbPrograms()
  if (!programs) throw new Error(notRun)
  return {
    name: 'MariaDB',
    server: programs.server,
    user: 'mysql',
    createData: (folder, asUser) =>
      run(programs.installer, [
        '--no-defaults',
        ...asUser,
        `--datadir=${folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--innodb-log-file-size=8M',
        '--innodb-flush-method=nosync',
      ]),
    settings: [
      '--innodb-log-file-size=8M',
      '--performance-schema=OFF',
      '--gtid-strict-mode=ON',
      '--plugin-load-add=auth_ed25519',
    ],
    onStart: [`delete from mysql.global_priv where user = '' or (user = 'root' and host <> '%')`],
    follow: (port, name, password) =>
      `change master to master_host = '127.0.0.1', master_port = ${port}, master_user = '${name}',
        master_password = '${password}', master_ssl = 1, master_ssl_verify_server_cert = 0,
        master_use_gtid = slave_pos, master_connect_retry = 1`,
    position: 'select @@global.gtid_binlog_pos as at',
    waitFor: at => `select master_gtid_wait('${at}', 10)`,
    reloadCertificate: 'flush ssl',
  }
}

/** The MySQL of this machine: its package need not be installed, so it has no user of its own. */
export function mysqlFlavour(): Flavour {
  const server = mysqlProgram()
  if (!server) throw new Error(mysqlNotRun)
  const quick = ['--innodb-redo-log-capacity=8M', '--secure-file-priv=NULL']
  return {
    name: 'MySQL',
    server,
    user: 'nobody',
    createData: (folder, asUser) => {
      run(server, [
        '--no-defaults',
        '--initialize-insecure',
        ...asUser,
        `--datadir=${folder}`,
        '--innodb-flush-method=nosync',
        ...quick,
      ])
      // The number it is known by: with one and the same a pair would not replicate.
      rmSync(path.join(folder, 'auto.cnf'))
    },
    settings: [
      ...quick,
      '--mysqlx=OFF',
      '--relay-log=relay',
      '--gtid-mode=ON',
      '--enforce-gtid-consistency=ON',
    ],
    onStart: ['drop user if exists root@localhost'],
    follow: (port, name, password) =>
      `change replication source to source_host = '127.0.0.1', source_port = ${port}, source_user = '${name}',
        source_password = '${password}', source_ssl = 1, source_auto_position = 1, source_connect_retry = 1`,
    position: 'select @@global.gtid_executed as at',
    waitFor: at => `select wait_for_executed_gtid_set('${at}', 10)`,
    reloadCertificate: 'alter instance reload tls',
  }
}

const run = (program: string, words: readonly string[]) =>
  void execFileSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
