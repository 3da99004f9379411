import { hash } from 'node:crypto'
import { ProvisionerError } from '../provisioner.ts'
import { type Entry, readEntry } from './book.ts'
import type { FoundUser } from './dialect.ts'
import type { Session } from './session.ts'
import type { Verifier } from './verifier.ts'

/** With every host. */
export const findUsers = ({ ask, dialect }: Session, name: string): Promise<FoundUser[]> =>
  dialect.usersWhere(ask, 'user = ?', [name])

export const digestOf = ({ plugin, text }: Verifier | FoundUser['verifier']): string =>
  hash('sha256', `${plugin}\0${text}`, 'hex')

export const everywhere = '%'

/** Whose account of this name it is: the mark it was made for, `free`, or null for somebody else's. */
export async function ownerOf(
  session: Session,
  name: string,
): Promise<{ found: FoundUser[]; entry: Entry | null; mark: number | null | 'free' }> {
  const found = await findUsers(session, name)
  const entry = await readEntry(session, name)
  if (found.length === 0) return { found, entry, mark: 'free' }
  const ours = found.find(user => user.host === everywhere)
  const isMade = entry?.state === 'made' || (ours && entry?.digest === digestOf(ours.verifier))
  return { found, entry, mark: ours && entry && isMade ? entry.mark : null }
}

/** The account's own. Throws `missing`, or `not-ours`. */
export async function ownUser(
  session: Session,
  { name, mark }: { name: string; mark: number },
): Promise<FoundUser> {
  const owner = await ownerOf(session, name)
  if (owner.mark === 'free')
    throw new ProvisionerError('missing', `There is no account ${name} on the server.`)
  const user = owner.found.find(one => one.host === everywhere)
  if (owner.mark !== mark || !user) throw notOurs(name)
  return user
}

export const notOurs = (name: string) =>
  new ProvisionerError(
    'not-ours',
    `There is an account ${name} on the server that the portal has not made for this access.`,
  )
