import type { Deps, Tx } from '../deps.ts'
import { type Provisioner, ProvisionerError, type ServerCertificate } from '../provisioners/provisioner.ts'
import type { DatabaseAccount } from './accounts.ts'
import { askForCertificates } from './ask-for-certificates.ts'
import { storeCertificate } from './look-after-certificates.ts'

/** What a look at the server's certificate has given; null: this kind of system has none. */
export type FetchedCertificate = ServerCertificate | null | 'not to be had'

/** For the account's owner, verified. A password that works is not held up by it. */
export async function fetchCertificate(
  server: Provisioner,
  { target }: Pick<DatabaseAccount, 'target'>,
): Promise<FetchedCertificate> {
  try {
    return await server.certificate(target)
  } catch (error) {
    if (error instanceof ProvisionerError) return 'not to be had'
    throw error
  }
}

/** What was not believed replaces nothing: whoever looks after certificates tells operators about it. */
export async function keepCertificate(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  account: DatabaseAccount,
  fetched: FetchedCertificate,
): Promise<void> {
  if (fetched === null) return
  if (fetched !== 'not to be had') await storeCertificate(tx, deps, account, fetched)
  else await askForCertificates(tx, deps, account.server_id)
}
