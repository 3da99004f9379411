import type { Secret } from '../../secret.ts'
import { type Account, ProvisionerError } from '../provisioner.ts'
import { writeEntry } from './book.ts'
import { serverError } from './failure.ts'
import { ensureRights } from './grants.ts'
import { accountOf } from './names.ts'
import { type Session, serverNow } from './session.ts'
import { digestOf, everywhere, findUsers, notOurs, ownerOf, ownUser } from './users.ts'
import { plugins, type Verifier } from './verifier.ts'

type Checkpoint = (name: string) => Promise<void> | void

/** Written down first; then made, or brought to what it should be. */
export async function ensureUser(
  session: Session,
  account: Account,
  password: Secret,
  checkpoint: Checkpoint,
): Promise<void> {
  const owner = await ownerOf(session, account.name)
  const verifier = await session.dialect.verifierFor(session.ask, password)
  const before = owner.entry?.database ?? null
  if (owner.mark === 'free') await make(session, account, verifier, checkpoint)
  else if (owner.mark === account.mark && onlyEverywhere(owner.found))
    await alter(session, account, verifier, 'account unlock')
  else throw notOurs(account.name)
  await writeEntry(session, account, 'made', null)
  await checkpoint('account made')
  await ensureRights(session, account, before)
}

/** Of two accounts with one name the server prefers that of the nearer host. */
const onlyEverywhere = (found: readonly { host: string }[]) => found.every(user => user.host === everywhere)

const exists = 1396

async function make(
  session: Session,
  account: Account,
  verifier: Verifier,
  checkpoint: Checkpoint,
): Promise<void> {
  await writeEntry(session, account, 'making', digestOf(verifier))
  await checkpoint('account intended')
  const facts = await factsFor(session, account, verifier)
  try {
    await session.client.query(`create user ${accountOf(account.name)} ${facts} account unlock`)
  } catch (error) {
    // Somebody else's, made this moment: the digest in the book is not that of its password.
    if (serverError(error) === exists && (await findUsers(session, account.name)).length > 0)
      throw notOurs(account.name)
    throw error
  }
}

const factsFor = async (session: Session, account: Account, verifier: Verifier) =>
  `${session.dialect.identifiedBy(verifier)} require ssl ${await endOf(session, account)}`

const day = 86_400_000
/** What the server's column holds: 179 years. */
const longest = 65_535

/** The server counts days from when the password was set, which is now. */
async function endOf(session: Session, { validUntil }: Account): Promise<string> {
  if (validUntil === null) return 'password expire never'
  const days = Math.ceil((validUntil.getTime() - (await serverNow(session)).getTime()) / day)
  return days <= 0 ? 'password expire' : `password expire interval ${Math.min(days, longest)} day`
}

async function alter(session: Session, account: Account, verifier: Verifier, more = ''): Promise<void> {
  const facts = await factsFor(session, account, verifier)
  await session.client.query(`alter user ${accountOf(account.name)} ${facts} ${more}`)
}

/** A locked account stays locked. */
export async function setPassword(session: Session, account: Account, password: Secret): Promise<void> {
  await ownUser(session, account)
  const verifier = await session.dialect.verifierFor(session.ask, password)
  const { ask, dialect } = session
  await alter(session, account, verifier, await dialect.unblocking(ask, account.name))
  await writeEntry(session, account, 'made', null)
}

/** With the password that it has: its days begin anew. */
export async function setEnd(session: Session, account: Account): Promise<void> {
  const { verifier } = await ownUser(session, account)
  const plugin = plugins.find(one => one === verifier.plugin)
  if (!plugin)
    throw new ProvisionerError('failed', `${account.name} signs in in a way that the portal has not set.`)
  await alter(session, account, { plugin, text: verifier.text })
}

/** Marks an account that is there as the portal's. */
export async function adoptUser(session: Session, name: string, mark: number): Promise<void> {
  const { found, entry } = await ownerOf(session, name)
  if (!found.some(user => user.host === everywhere))
    throw new ProvisionerError('missing', `There is no account ${name}@% on the server.`)
  const { database, readOnly } = entry ?? { database: '', readOnly: false }
  await writeEntry(session, { name, mark, database, readOnly }, 'made', null)
}
