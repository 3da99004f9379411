import type { MailText } from './service-request.ts'

export interface ServerSuspendedMail {
  /** Name of the operator. */
  name: string
  server: string
  host: string
  port: number
  why: string
  /** Accounts that are open on it. */
  accounts: number
  /** Full address of the server's page. */
  address: string
}

/** To operators. */
export const databaseServerSuspended = (about: ServerSuspendedMail): MailText => ({
  subject: `Database server suspended: ${about.server}`,
  body: [
    `Hello ${about.name},`,
    `the database server ${about.server} (${about.host}, port ${about.port}) is not what it was when it was checked last: ${about.why}.`,
    `Nothing is granted on it any more, and the accesses on it are suspended; ${about.accounts} ${about.accounts === 1 ? 'account is' : 'accounts are'} open there.`,
    'After a failover, enter the present primary and standby, and swap the lines of pg_hba.conf that keep read-only accounts off the primary. Then press Check now on the page below, or run “gatehouse doctor”: when it passes, the accesses are given back by themselves.',
    about.address,
    'You get this mail because you are an operator.',
  ].join('\n\n'),
})
