import type { EngineDefinition } from '../engine.ts'
import { postgresqlOptions } from './options.ts'
import { PostgresqlProvisioner } from './postgresql-provisioner.ts'

export const postgresql: EngineDefinition = {
  label: 'PostgreSQL',
  defaultPort: 5432,
  options: postgresqlOptions,
  hint: 'Versions 14 to 18, over TLS. The portal’s account needs CREATEROLE, pg_signal_backend and membership in the roles that own the tables; it need not be a superuser. Read-only accounts of production live on the standby, and a line of pg_hba.conf keeps them off the primary: the help page has both.',
  open: (access, deps) => new PostgresqlProvisioner(access, deps),
  connectionStrings: ({ account, host, port, database }) => {
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
    const user = encodeURIComponent(account)
    const verified = 'sslmode=verify-full&sslrootcert=gatehouse-ca.pem'
    const facts = { host, port: String(port), dbname: database, user: account, sslmode: 'verify-full' }
    return [
      { label: 'URL', text: `postgresql://${user}@${place}?${verified}` },
      { label: 'psql', text: `psql ${shellWord(conninfo({ ...facts, sslrootcert: 'gatehouse-ca.pem' }))}` },
      { label: 'JDBC', text: `jdbc:postgresql://${place}?user=${user}&${verified}` },
    ]
  },
}

/** As libpq reads it: quoted where a value holds anything unusual. */
const conninfo = (facts: Readonly<Record<string, string>>) =>
  Object.entries(facts)
    .map(([name, value]) => `${name}=${/^[\w.:-]+$/.test(value) ? value : libpqQuoted(value)}`)
    .join(' ')

const libpqQuoted = (value: string) => `'${value.replace(/[\\']/g, String.raw`\$&`)}'`

const shellWord = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
