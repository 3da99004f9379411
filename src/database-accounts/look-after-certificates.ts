import { z } from 'zod'
import { record, systemActor } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler } from '../jobs/handler.ts'
import { ProvisionerError, type ServerCertificate, type Target } from '../provisioners/provisioner.ts'
import type { DatabaseAccount } from './accounts.ts'
import { askForCertificates } from './ask-for-certificates.ts'
import { mailCertificateNotBelieved } from './certificate-mails.ts'
import { mailCertificateEnding } from './password-mails.ts'
import { type DatabaseServer, findServer, openServer } from './servers.ts'

/** Owners are told so long before the certificate ends. */
const endingNotice = days(14)

const payloadOf = z.object({ serverId: z.number().int() })

/** Recurring: the certificates that accounts show, fetched anew, in a job for each server. */
export async function lookAfterCertificates(deps: Deps): Promise<void> {
  const servers = await deps.db
    .selectFrom('database_accounts')
    .select('server_id')
    .where('gone_at', 'is', null)
    .where('state', '=', 'READY')
    .distinct()
    .orderBy('server_id')
    .execute()
  if (servers.length === 0) return
  await deps.db.transaction().execute(async tx => {
    for (const { server_id } of servers) await askForCertificates(tx, deps, server_id)
  })
  deps.wake()
}

/** The job of a server: what it shows now stands on every account there, unless it is not to be believed. */
export const workOnCertificates: JobHandler = async (deps, { payload, lease }) => {
  const { serverId } = payloadOf.parse(payload)
  const server = await findServer(deps.db, serverId)
  if (!server || server.status === 'RETIRED') return { kind: 'done' }
  for (const target of await targetsOn(deps, serverId)) {
    const found = await lookAtCertificate(deps, server, target)
    if (found === null) continue
    await deps.db.transaction().execute(async tx => {
      await store(tx, deps, server, target, found)
      await lease.guard(tx)
    })
  }
  deps.wake()
  return { kind: 'done' }
}

const targetsOn = async (deps: Deps, serverId: number): Promise<Target[]> =>
  (
    await deps.db
      .selectFrom('database_accounts')
      .select('target')
      .where('server_id', '=', serverId)
      .where('gone_at', 'is', null)
      .distinct()
      .orderBy('target')
      .execute()
  ).map(row => row.target)

/** What it shows, or why that is not to be believed; null: nothing was seen. */
async function lookAtCertificate(
  deps: Deps,
  server: DatabaseServer,
  target: Target,
): Promise<ServerCertificate | { error: string } | null> {
  try {
    const provisioner = await openServer(deps, server)
    return await provisioner.certificate(target).finally(() => provisioner.close())
  } catch (error) {
    if (!(error instanceof ProvisionerError)) throw error
    if (error.kind === 'untrusted') return { error: error.message }
    deps.log.warn({ server: server.name, reason: error.message }, 'the certificate could not be looked at')
    return null
  }
}

async function store(
  tx: Tx,
  deps: Deps,
  server: DatabaseServer,
  target: Target,
  found: ServerCertificate | { error: string },
): Promise<void> {
  const accounts = await accountsOn(tx, server.id, target)
  // The last of them may have gone meanwhile.
  if (accounts.length === 0) return
  if ('error' in found) return notBelieved(tx, deps, server, accounts, found.error)
  for (const account of accounts) {
    const now = await storeCertificate(tx, deps, account, found)
    if (endsSoon(deps, now) && now.certificate_noticed_at === null) await tellOwner(tx, deps, now, server)
  }
}

const accountsOn = (tx: Tx, serverId: number, target: Target) =>
  tx
    .selectFrom('database_accounts')
    .selectAll()
    .where('server_id', '=', serverId)
    .where('target', '=', target)
    .where('gone_at', 'is', null)
    .orderBy('id')
    .execute()

/** What clients need from now on; a new one is announced again before it ends. */
export async function storeCertificate(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  account: DatabaseAccount,
  { pem, expiresAt }: ServerCertificate,
): Promise<DatabaseAccount> {
  const certificate_expires_at = expiresAt.toISOString()
  const renewed = account.certificate !== pem || account.certificate_expires_at !== certificate_expires_at
  return tx
    .updateTable('database_accounts')
    .set({
      certificate: pem,
      certificate_expires_at,
      certificate_at: nowInstant(deps.clock),
      certificate_error: null,
      ...(renewed && { certificate_noticed_at: null }),
    })
    .where('id', '=', account.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Nothing is replaced: what was verified stays shown, and operators are told once. */
async function notBelieved(
  tx: Tx,
  deps: Deps,
  server: DatabaseServer,
  accounts: readonly DatabaseAccount[],
  error: string,
): Promise<void> {
  const news = accounts.some(account => account.certificate_error === null)
  await tx
    .updateTable('database_accounts')
    .set({ certificate_error: error })
    .where(
      'id',
      'in',
      accounts.map(account => account.id),
    )
    .execute()
  if (!news) return
  await record(
    tx,
    deps.clock,
    systemActor,
    'database server certificate not believed',
    { type: 'database-server', id: server.id },
    { reason: error },
  )
  await mailCertificateNotBelieved(tx, deps, server, error, accounts.length)
}

const endsSoon = (deps: Pick<Deps, 'clock'>, { certificate_expires_at }: DatabaseAccount) =>
  certificate_expires_at !== null && certificate_expires_at <= after(deps.clock.now(), endingNotice)

async function tellOwner(
  tx: Tx,
  deps: Deps,
  account: DatabaseAccount,
  server: DatabaseServer,
): Promise<void> {
  await tx
    .updateTable('database_accounts')
    .set({ certificate_noticed_at: nowInstant(deps.clock) })
    .where('id', '=', account.id)
    .execute()
  await mailCertificateEnding(tx, deps, account, server)
}
