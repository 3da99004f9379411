import type { Attention } from '../../views/admin/admin-home.tsx'
import { after, days, nowInstant } from '../clock.ts'
import { serversInUse } from '../database-accounts/server-queries.ts'
import { checkLinesOf, checkStateOf, hasPassed } from '../database-accounts/server-states.ts'
import type { DatabaseServer } from '../database-accounts/servers.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { paths } from '../paths.ts'
import { type EndingCertificate, endingCertificates } from './expiry-queries.ts'

const soon = days(30)
/** Anything that ended before is as bad as what ends now. */
const longAgo = '0000'

/** What operators have to look after on database servers, the worst first. */
export async function databaseAttention({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Attention[]> {
  const servers = await serversInUse(db)
  if (servers.length === 0) return []
  const ending = await endingCertificates(db, { from: longAgo, to: after(clock.now(), soon) })
  return [
    ...servers.filter(server => server.suspended_at !== null).map(suspended),
    ...servers.flatMap(unchecked),
    ...servers.flatMap(unanswered),
    ...(await notBelieved(db)),
    ...ending.map(one => certificateEnding(one, nowInstant(clock))),
  ]
}

const suspended = (server: DatabaseServer): Attention => ({
  text: `Database server ${server.name} is suspended with its accounts: ${server.suspended_why}. Check it.`,
  href: paths.adminDatabaseServer(server.id),
})

function unchecked(server: DatabaseServer): Attention[] {
  const href = paths.adminDatabaseServer(server.id)
  const state = checkStateOf(server)
  if (state === 'failed') {
    const failed = checkLinesOf(server).filter(line => line.level === 'failed').length
    return [
      {
        text: `Database server ${server.name}: ${failed === 1 ? 'one point' : `${failed} points`} of the last check failed.`,
        href,
      },
    ]
  }
  if (hasPassed(server)) return []
  return [
    { text: `Database server ${server.name} has not been checked yet: nothing is offered on it.`, href },
  ]
}

const unanswered = (server: DatabaseServer): Attention[] =>
  server.look_error === null
    ? []
    : [
        {
          text: `Database server ${server.name} could not be asked: ${server.look_error}`,
          href: paths.adminDatabaseServer(server.id),
        },
      ]

/** Once for each server and reason, however many accounts show its certificate. */
async function notBelieved(db: DbOrTx): Promise<Attention[]> {
  const rows = await db
    .selectFrom('database_accounts')
    .innerJoin('database_servers', 'database_servers.id', 'database_accounts.server_id')
    .where('database_accounts.gone_at', 'is', null)
    .where('database_accounts.certificate_error', 'is not', null)
    .where('database_servers.status', '=', 'ACTIVE')
    .select([
      'database_servers.id',
      'database_servers.name',
      'database_accounts.target',
      'database_accounts.certificate_error',
    ])
    .distinct()
    .orderBy('database_servers.id')
    .execute()
  return rows.map(row => ({
    text: `The certificate of ${row.name} (${row.target}) can’t be verified: ${row.certificate_error}`,
    href: paths.adminDatabaseServer(row.id),
  }))
}

function certificateEnding({ kind, of, serverName, serverId, expiresAt }: EndingCertificate, now: string) {
  const what = kind === 'CA' ? `The CA ${of} of ${serverName}` : `The certificate of ${serverName} (${of})`
  const day = expiresAt.slice(0, 10)
  return {
    text: `${what} ${expiresAt <= now ? `has ended on ${day}` : `ends on ${day}`}.`,
    href: paths.adminDatabaseServer(serverId),
  }
}
