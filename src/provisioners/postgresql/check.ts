import { type CheckedDatabase, type CheckLine, ProvisionerError } from '../provisioner.ts'
import { checkDatabase, checkPublic } from './check-databases.ts'
import { checkPrimary, checkRights, checkStandby } from './check-servers.ts'
import { checkSignIn } from './check-sign-in.ts'
import type { Connections } from './connection.ts'
import type { Finding } from './finding.ts'

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

/** A line that names it; what it throws, if that can be expected, is a failure of it. */
async function look(lines: CheckLine[], what: string, find: () => Promise<Finding>): Promise<boolean> {
  try {
    const found = await find()
    const line = typeof found === 'string' ? ({ level: 'ok', says: found } as const) : found
    lines.push({ what, ...line })
    return line.level !== 'failed'
  } catch (error) {
    if (!(error instanceof ProvisionerError)) throw error
    lines.push({ what, level: 'failed', says: error.message })
    return false
  }
}
