import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec']

function find(...names: readonly string[]): string | null {
  for (const name of names)
    for (const folder of folders) if (existsSync(path.join(folder, name))) return path.join(folder, name)
  return null
}

export interface MariadbPrograms {
  server: string
  installer: string
}

/** MariaDB comes from the system, not from npm. Null: this machine has none. */
export function mariadbPrograms(): MariadbPrograms | null {
  const server = find('mariadbd')
  const installer = find('mariadb-install-db')
  return server && installer ? { server, installer } : null
}

/**
 * The server that GATEHOUSE_MYSQLD names, or the system's, where that is MySQL: MariaDB's is called `mysqld` too. One
 * outside of the system may need a script around it, which then has to `exec` it. Null: there is none.
 */
export function mysqlProgram(): string | null {
  const named = process.env.GATEHOUSE_MYSQLD
  const server = named || find('mysqld')
  if (server && isMysql(server)) return server
  // Whoever names one wants it tried: a slip must not look like a machine without MySQL.
  if (named) throw new Error(`GATEHOUSE_MYSQLD is ${named}, which is no MySQL server.`)
  return null
}

function isMysql(server: string): boolean {
  try {
    const said = execFileSync(server, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return !said.includes('MariaDB')
  } catch {
    return false
  }
}

export const notRun = 'MariaDB was NOT tested: this machine has none (apt-get install mariadb-server).'
export const mysqlNotRun =
  'MySQL was NOT tested: this machine has none (install one, or name its mysqld in GATEHOUSE_MYSQLD).'

/** Says what these tests leave out on this machine. */
export function sayWhatIsMissing(): void {
  if (!installMariadb()) process.stdout.write(`${notRun}\n`)
  if (!mysqlProgram()) process.stdout.write(`${mysqlNotRun}\n`)
}

const services = '/usr/sbin/policy-rc.d'

/**
 * Installs it where it is missing and we may: as root on a Debian. Its own service is not started. Tells whether it is
 * there now.
 */
export function installMariadb(): boolean {
  if (mariadbPrograms()) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  try {
    execFileSync('/bin/sh', ['-c', install], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', SERVICES: services },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 300_000,
    })
  } catch {
    // Said by whoever asked.
  }
  return mariadbPrograms() !== null
}

/** Whatever decides about starting services is put back as it was. */
const install = `
  kept=
  if [ -e "$SERVICES" ]; then kept=$(mktemp) && cp -p "$SERVICES" "$kept"; fi
  restore() { if [ -n "$kept" ]; then mv "$kept" "$SERVICES"; else rm -f "$SERVICES"; fi; }
  trap restore EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$SERVICES" && chmod 755 "$SERVICES"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends mariadb-server`
