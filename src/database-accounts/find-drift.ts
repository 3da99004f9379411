import type { FoundAccount } from '../provisioners/provisioner.ts'
import type { DatabaseAccount } from './accounts.ts'
import { isNotNull } from './drift-words.ts'

/** Where portal and server say different things. */
export interface Drift {
  kind: 'ORPHAN' | 'VANISHED' | 'RIGHTS'
  name: string
  mark: number | null
  account_id: number | null
  detail: string
}

/** Accounts as the portal knows them, with what the access calls for. */
export interface KnownAccount
  extends Pick<DatabaseAccount, 'id' | 'name' | 'mark' | 'state' | 'server_expires_at'> {}

/**
 * Compares what is on a server with what the portal knows to be there. What is being made, changed or removed at the
 * moment is left out: it is on its way. `elsewhere`: accounts that the portal has on other servers, which may be the
 * same one under another name.
 */
export function findDrift(
  found: readonly FoundAccount[],
  known: readonly KnownAccount[],
  elsewhere: ReadonlySet<string> = new Set(),
): Drift[] {
  const onServer = new Map(found.map(one => [one.name, one]))
  const inPortal = new Map(known.map(one => [one.name, one]))
  return [
    ...found
      .filter(({ name, mark }) => mark === null || !elsewhere.has(accountKey(name, mark)))
      .map(one => orphanOf(one, inPortal.get(one.name))),
    ...known.map(one => vanishedOf(one, onServer.get(one.name))),
    ...found.map(one => rightsOf(one, inPortal.get(one.name))),
  ].filter(isNotNull)
}

/** An account, whichever server it is on. */
export const accountKey = (name: string, mark: number): string => `${mark} ${name}`

function orphanOf(
  { name, mark, locked, unexpected }: FoundAccount,
  known: KnownAccount | undefined,
): Drift | null {
  if (known && (known.mark === mark || isUnderWay(known))) return null
  const what = known
    ? `The portal has an account of this name, but this one is not it: it carries ${markWords(mark)}.`
    : `No access has this account; it carries ${markWords(mark)}.`
  const more = unexpected.map(words => ` It ${words}.`).join('')
  const detail = `${what} ${locked ? 'It can’t sign in.' : 'It can sign in.'}${more}`.slice(0, 2000)
  return { kind: 'ORPHAN', name, mark, account_id: null, detail }
}

const markWords = (mark: number | null) =>
  mark === null ? 'no mark of the portal' : `the mark of access ${mark}`

function vanishedOf(known: KnownAccount, found: FoundAccount | undefined): Drift | null {
  if (isUnderWay(known) || (found && found.mark === known.mark)) return null
  const detail = 'An access has this account, but it is not on the server any more.'
  return { kind: 'VANISHED', name: known.name, mark: known.mark, account_id: known.id, detail }
}

function rightsOf(found: FoundAccount, known: KnownAccount | undefined): Drift | null {
  if (!known || isUnderWay(known) || known.mark !== found.mark) return null
  const wrong = [
    ...found.unexpected,
    ...(known.state === 'LOCKED' && !found.locked ? ['can sign in, though its access is suspended'] : []),
    ...(known.state === 'READY' && found.locked ? ['can’t sign in, though its access is APPROVED'] : []),
  ]
  if (wrong.length === 0) return null
  const detail = `It ${wrong.join('; it ')}.`.slice(0, 2000)
  return { kind: 'RIGHTS', name: found.name, mark: found.mark, account_id: known.id, detail }
}

/** It may be there or not, at any moment. */
const isUnderWay = ({ state }: KnownAccount) => state === 'CREATING' || state === 'REMOVING'
