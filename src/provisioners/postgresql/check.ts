import { look } from '../check-lines.ts'
import type { CheckedDatabase, CheckLine } from '../provisioner.ts'
import { checkDatabase, checkPublic } from './check-databases.ts'
import { checkPrimary, checkRights, checkStandby } from './check-servers.ts'
import { checkSignIn } from './check-sign-in.ts'
import type { Connections } from './connection.ts'

/** Everything that would make accounts unsafe or impossible. What comes first has to hold for the rest to be tried. */
export async function check(
  connections: Connections,
  databases: readonly CheckedDatabase[],
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = []
  if (!(await look(lines, 'Primary', () => checkPrimary(connections)))) return lines
  const standby = connections.hasStandby && (await look(lines, 'Standby', () => checkStandby(connections)))
  await look(lines, 'Rights of the portal’s account', () => checkRights(connections, databases))
  await look(lines, 'Databases open to everybody', () => checkPublic(connections))
  const whole: CheckedDatabase[] = []
  for (const one of databases)
    if (await look(lines, `Database of ${one.asset}`, () => checkDatabase(connections, one))) whole.push(one)
  await look(lines, 'A test account', () => checkSignIn(connections, whole, standby))
  return lines
}
