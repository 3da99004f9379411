import type { Row } from '../../db/schema.ts'

/** What becomes of an open access whose asset goes away; ended: it is on its way out already. */
export function fateOf({
  status,
  decision,
}: Pick<Row<'accesses'>, 'status' | 'decision'>): 'rejected' | 'removed' | 'ended' {
  if (status === 'PROCESSING' && decision === null) return 'rejected'
  return status === 'PENDING REMOVAL' ? 'ended' : 'removed'
}
