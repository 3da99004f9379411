import { paths } from '../../src/paths.ts'

interface Held {
  id: number
  person_id: string
  asset_id: string
  status: string
  database_account: string | null
  transfer_to: string | null
}

/** Before accesses end: programs use these, and they can go on with somebody else. */
export const ServiceAccounts = ({ accesses }: { accesses: readonly Held[] }) => {
  const accounts = accesses.filter(
    one => one.database_account?.startsWith('dbsrv_') && one.status === 'APPROVED',
  )
  if (accounts.length === 0) return null
  return (
    <>
      <p>
        <strong>
          {accounts.length === 1 ? 'This service account is' : 'These service accounts are'} used by programs
          and would be removed too.
        </strong>{' '}
        Transfer {accounts.length === 1 ? 'it' : 'them'} to another person first, if the programs go on:
      </p>
      <ul>
        {accounts.map(one => (
          <li>
            <code>{one.database_account}</code> on {one.asset_id}
            {one.transfer_to !== null && <>, on its way to {one.transfer_to}, which is not done yet</>}:{' '}
            <a href={paths.transferAccess(one.person_id, one.id)}>
              Transfer Access<span class="visually-hidden"> of {one.database_account}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
