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

export const notRun = 'MariaDB was NOT tested: this machine has none (apt-get install mariadb-server).'

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
