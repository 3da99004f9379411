import { standbyOnly } from './names.ts'

/**
 * Keeps the read-only accounts of production off the primary; first in its pg_hba.conf. The portal's own account is
 * let in before: whoever makes roles is a member of them, as far as pg_hba.conf goes.
 */
export const hbaLines = (adminName: string): readonly [string, string] => [
  `hostssl all "${adminName}" all scram-sha-256`,
  `host all +${standbyOnly} all reject`,
]
