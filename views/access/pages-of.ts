import type { Cut, ManageQuery } from '../../src/access/manage-access-query.ts'
import { paths } from '../../src/paths.ts'
import type { PageOf } from '../ui/pager.tsx'

/** Words and addresses of a table's pager. */
export function pagesOf(
  { from, to, total, previous, next }: Pick<Cut<unknown>, 'from' | 'to' | 'total' | 'previous' | 'next'>,
  person: string,
  query: ManageQuery,
  key: 'assets_page' | 'accesses_page',
): PageOf {
  const at = (page: number | null) => page && paths.manageAccess(person, { ...query, [key]: page })
  return { from, to, total, previous: at(previous) || null, next: at(next) || null }
}
