import type { DatabaseAccountState, Instant, PasswordChangeReason } from '../../db/schema.ts'
import type { Access } from '../access/change-access.ts'
import type { DbOrTx } from '../deps.ts'
import { type AccessSubject, type Actor, can } from '../policy.ts'
import { databaseEngines } from '../provisioners/registry.ts'
import type { Secret } from '../secret.ts'
import type { OffsetChoice } from '../service-requests/requested-start.ts'
import { accountOfAccess, type DatabaseAccount } from './accounts.ts'
import { openChangeOf } from './password-change.ts'
import { addressOf, type DatabaseServer, findServer } from './servers.ts'

/** What was asked about one account, for the page that answers it and no other. */
export interface AskedOfAccount {
  accessId: number
  /** null: it is not shown. */
  password: Secret | null
  /** PEM. */
  certificate: string | null
  /** Where Reset at can mean two times. */
  choices: readonly OffsetChoice[]
}

/** The database account of an access, as somebody sees it. */
export interface AccountView {
  /** Database Account ID. */
  name: string
  /** null: it has not been made yet, or is gone. */
  made: MadeAccount | null
}

export interface MadeAccount {
  state: DatabaseAccountState
  readOnly: boolean
  target: 'primary' | 'standby'
  host: string
  port: number
  database: string
  /** To be copied; without the password. */
  connectionStrings: readonly { label: string; text: string }[]
  expiresAt: Instant | null
  /** A new password is on its way. */
  change: { reason: PasswordChangeReason; begunAt: Instant } | null
  resetDueAt: Instant | null
  certificate: { expiresAt: Instant | null; at: Instant | null; error: string | null; known: boolean }
  hasPassword: boolean
  may: AccountActs
  asked: AskedOfAccount | null
}

export interface AccountActs {
  /** Password and certificate. */
  show: boolean
  choosePassword: boolean
  resetPassword: boolean
  schedule: boolean
}

/** null: it is an access of another kind. */
export async function accountView(
  db: DbOrTx,
  actor: Actor,
  access: Access,
  subject: AccessSubject,
  asked: AskedOfAccount | null = null,
): Promise<AccountView | null> {
  if (access.database_account === null) return null
  const account = await accountOfAccess(db, access.id)
  const server = account && (await findServer(db, account.server_id))
  const made = server
    ? await madeAccount(db, account, server, actsOf(actor, access, subject, account), asked)
    : null
  return { name: access.database_account, made }
}

async function madeAccount(
  db: DbOrTx,
  account: DatabaseAccount,
  server: DatabaseServer,
  may: AccountActs,
  asked: AskedOfAccount | null,
): Promise<MadeAccount> {
  const change = await openChangeOf(db, account.id)
  const address = addressOf(account, server)
  const to = { account: account.name, ...address, database: account.database_name }
  return {
    state: account.state,
    readOnly: account.read_only === 1,
    target: account.target,
    ...address,
    database: account.database_name,
    connectionStrings: databaseEngines[server.engine].connectionStrings(to),
    expiresAt: account.expires_at,
    change: change ? { reason: change.reason, begunAt: change.begun_at } : null,
    resetDueAt: account.reset_due_at,
    certificate: {
      known: account.certificate !== null,
      at: account.certificate_at,
      expiresAt: account.certificate_expires_at,
      error: account.certificate_error,
    },
    hasPassword: account.secret_id !== null,
    may,
    asked: asked?.accessId === account.access_id ? asked : null,
  }
}

/** While it is in use: what is being made, suspended or removed is not signed in with. */
export const isInUse = ({ status }: Pick<Access, 'status'>, account: DatabaseAccount): boolean =>
  status === 'APPROVED' && account.secret_id !== null

function actsOf(actor: Actor, access: Access, subject: AccessSubject, account: DatabaseAccount): AccountActs {
  const inUse = isInUse(access, account)
  const resetPassword = inUse && can(actor, 'access.reset-password', subject)
  return {
    show: inUse && can(actor, 'access.show-password', subject),
    choosePassword: inUse && can(actor, 'access.choose-password', subject),
    resetPassword,
    schedule: resetPassword && account.kind === 'service',
  }
}
