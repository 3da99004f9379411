import { z } from 'zod'
import { argvTemplate } from '../argv-template.ts'
import type { EngineDefinition } from '../engine.ts'
import { Db2Provisioner } from './db2-provisioner.ts'

export const db2Options = z.strictObject({
  account: argvTemplate(['verb', 'name', 'mark', 'until', 'database', 'host', 'port', 'admin']),
  grants: argvTemplate(['database', 'host', 'port', 'admin']),
  seconds: z.number().int().min(1).max(600).default(30),
})

/** Accounts belong to the operating system, their rights to Db2. */
export const db2: EngineDefinition = {
  label: 'Db2',
  defaultPort: 50000,
  options: db2Options,
  hint: 'Db2 knows no accounts of its own: a fixed script on its host makes them (such as ssh to it, the password on standard input), and db2 gives them their rights. No Db2 was at hand when this was made: it was tried with a stand-in that answers as its documentation says, so try it on a server that doesn’t matter first.',
  open: (access, deps) => new Db2Provisioner(access, db2Options.parse(access.options), deps),
  connectionStrings: ({ account, host, port, database }) => [
    { label: 'JDBC', text: `jdbc:db2://${host}:${port}/${database}:user=${account};sslConnection=true;` },
    {
      label: 'db2cli',
      text: `DATABASE=${database};HOSTNAME=${host};PORT=${port};PROTOCOL=TCPIP;UID=${account};SECURITY=SSL;`,
    },
  ],
}
