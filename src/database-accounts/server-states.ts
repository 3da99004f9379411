import type { Row } from '../../db/schema.ts'
import type { CheckLine } from '../provisioners/provisioner.ts'

type Server = Pick<
  Row<'database_servers'>,
  'status' | 'suspended_at' | 'check_asked_at' | 'checked_at' | 'check_result' | 'identity' | 'look_error'
>

/** The result of the last check; nothing before the first one. */
export const checkLinesOf = ({ check_result }: Pick<Server, 'check_result'>): CheckLine[] =>
  JSON.parse(check_result) as CheckLine[]

/** A check has passed once since the server was entered, or since its address was changed. */
export const hasPassed = ({ identity }: Pick<Server, 'identity'>): boolean => identity !== null

/** How the last check ended. */
export type CheckState = 'not checked yet' | 'failed' | 'passed with warnings' | 'passed'

export function checkStateOf(server: Pick<Server, 'checked_at' | 'check_result'>): CheckState {
  if (server.checked_at === null) return 'not checked yet'
  const levels = checkLinesOf(server).map(line => line.level)
  if (levels.includes('failed')) return 'failed'
  return levels.includes('warning') ? 'passed with warnings' : 'passed'
}

/** Why nothing is granted on a server, in words that follow its name; null: it may be. */
export function whyNothingIsGranted(server: Server & { suspended_why: string }): string | null {
  if (server.status === 'RETIRED') return 'is not in use any more'
  if (server.suspended_at !== null)
    return `is being checked by the operators${server.suspended_why ? `: ${server.suspended_why}` : ''}`
  if (!hasPassed(server)) return 'has not passed its check yet'
  return checkStateOf(server) === 'failed' ? 'did not pass its last check' : null
}
