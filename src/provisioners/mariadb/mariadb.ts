import { z } from 'zod'
import type { EngineDefinition } from '../engine.ts'
import { MariadbProvisioner } from './mariadb-provisioner.ts'

export const mariadb: EngineDefinition = {
  label: 'MariaDB or MySQL',
  defaultPort: 3306,
  options: z.strictObject({}),
  hint: 'MariaDB from 10.5, MySQL from 8.0.17, over TLS. The portal keeps a small book of its accounts in a schema “gatehouse” of the server, on a standby in “gatehouse_replica”. Read-only accounts of production are made on the standby only, which has to be read-only and replicate with GTIDs. The help page has the rights that the portal’s account needs. Of MySQL, 9.7 is what it was tried on.',
  open: (access, deps) => new MariadbProvisioner(access, deps),
  connectionStrings: ({ account, host, port, database }) => {
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
    const user = encodeURIComponent(account)
    return [
      { label: 'URL', text: `mysql://${user}@${place}?ssl-mode=VERIFY_IDENTITY&ssl-ca=gatehouse-ca.pem` },
      {
        label: 'mariadb',
        text: `mariadb --host=${host} --port=${port} --user=${account} --password --ssl-ca=gatehouse-ca.pem --ssl-verify-server-cert ${shellWord(database)}`,
      },
      {
        label: 'mysql',
        text: `mysql --host=${host} --port=${port} --user=${account} --password --ssl-mode=VERIFY_IDENTITY --ssl-ca=gatehouse-ca.pem ${shellWord(database)}`,
      },
      {
        label: 'JDBC',
        text: `jdbc:mariadb://${place}?user=${user}&sslMode=verify-full&serverSslCert=gatehouse-ca.pem`,
      },
    ]
  },
}

/** As a shell reads it back. */
const shellWord = (text: string) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
