import type { OpenAccount } from './server-queries.ts'

/** "2 accounts are open on it: dbsrv_mxe (USER01, 10000-DEV), dbusr_user02 (USER02, 10000-DEV)." */
export function openWords({ total, rows }: { total: number; rows: readonly OpenAccount[] }): string {
  const named = rows.map(row => `${row.account} (${row.person_id}, ${row.asset_id})`)
  const more = total > rows.length ? ` and ${total - rows.length} more` : ''
  return `${total === 1 ? '1 account is' : `${total} accounts are`} open on it: ${named.join(', ')}${more}.`
}

/** For the trail and for mails. */
export const serverSubject = (id: number) => ({ type: 'database-server', id }) as const

export const onlyOperators = 'Only operators set up database servers.'
