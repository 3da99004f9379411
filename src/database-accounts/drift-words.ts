import type { Row } from '../../db/schema.ts'
import type { Finding } from './drift-queries.ts'

export const isNotNull = <T>(value: T | null): value is T => value !== null

/** Job that disables or drops what nobody owns. */
export const DRIFT_ACT_JOB = 'settle drift'

export type DriftKind = Row<'drift_findings'>['kind']

/** What is shown for each, and what an operator may have done about it. */
export const driftKinds = {
  ORPHAN: {
    label: 'Nobody owns it',
    about: 'An account on the server that no access has.',
  },
  VANISHED: {
    label: 'Vanished',
    about: 'An access has the account, but the server doesn’t.',
  },
  RIGHTS: {
    label: 'Unexpected rights',
    about: 'The account can do more, or less, than its access says.',
  },
} as const satisfies Record<DriftKind, { label: string; about: string }>

/** Asked for, and not rejected or removed since: then it can be asked for again, or ended. */
export const isBeingAdopted = ({ act, adopt_status }: Pick<Finding, 'act' | 'adopt_status'>): boolean =>
  act === 'adopt' && adopt_status !== 'REJECTED' && adopt_status !== 'REMOVED'

/** Nobody has it, and nobody is about to. */
export const mayDrop = (finding: Pick<Finding, 'kind' | 'settled_at' | 'act' | 'adopt_status'>): boolean =>
  finding.kind === 'ORPHAN' && finding.settled_at === null && !isBeingAdopted(finding)

/** An access has it that is not on its way out. */
export const mayRemove = (finding: Pick<Finding, 'kind' | 'settled_at' | 'access_status'>): boolean =>
  finding.kind !== 'ORPHAN' &&
  finding.settled_at === null &&
  finding.access_status !== null &&
  finding.access_status !== 'PENDING REMOVAL' &&
  finding.access_status !== 'REMOVED'

/** Its name says what it is for, as the portal names accounts. */
export const isAdoptable = ({ name }: Pick<Finding, 'name'>): boolean => /^db(srv|usr)_/.test(name)
