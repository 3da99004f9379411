import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { accessTypes } from './access-types.ts'
import { decidersInWords } from './approval-mails.ts'
import type { Access } from './change-access.ts'
import { isUndecided } from './decided-words.ts'
import { decidersOf } from './deciders.ts'
import type { SavedChanges } from './save-changes.ts'

/** What a Save has done, and who was told, in words for the page that follows. `person`: who else is told. */
export async function savedWords(
  deps: Pick<Deps, 'db' | 'clock'>,
  { requested, changed, removed, leftOut }: SavedChanges,
  person: string | null,
): Promise<string> {
  const names = new Map((await accessTypes(deps.db)).map(type => [type.id, type.name]))
  const list = (accesses: readonly Access[]) =>
    andList(
      accesses.map(access => `${names.get(access.access_type)} on ${access.asset_id}${accountWords(access)}`),
    )
  const withdrawn = removed.filter(isUndecided)
  const others = removed.filter(access => !isUndecided(access))
  return [
    requested.length > 0 && `Requested: ${list(requested)}.`,
    changed.length > 0 && `Changed and sent for a decision again: ${list(changed)}.`,
    await whoDecides(deps, [...requested, ...changed], person),
    withdrawn.length > 0 && `Withdrawn: ${list(withdrawn)}.`,
    others.length > 0 && `PENDING REMOVAL: ${list(others)}.`,
    leftOut.length > 0 && leftOutWords(leftOut),
  ]
    .filter(Boolean)
    .join(' ')
}

/** Said once for those that the same people decide about. */
async function whoDecides(
  deps: Pick<Deps, 'db' | 'clock'>,
  asked: readonly Access[],
  person: string | null,
): Promise<string> {
  if (asked.length === 0) return ''
  const ids = asked.map(access => access.id)
  const now = await deps.db.selectFrom('accesses').selectAll().where('id', 'in', ids).orderBy('id').execute()
  const deciders = await decidersOf(deps.db, nowInstant(deps.clock), now)
  const words = [...new Set(now.map(access => decidersInWords(access, deciders)))]
  const them = now.some(
    access => deciders.managersFor(access).length > 0 || deciders.operatorsFor(access).length > 0,
  )
  const told = [...(them ? ['them'] : []), ...(person ? [person] : []), 'you']
  const said = `${words.join(' ')} Mail about it was sent to ${andList(told)}.`
  return asked.length === 1 ? said : said.replaceAll('about it', 'about them')
}

const leftOutWords = (assets: readonly string[]) =>
  `${andList(assets)} ${assets.length === 1 ? 'was' : 'were'} not saved: an asset without an access is not stored. Add it again, and then an access with New Row under Specific Access in the Environment.`

/** One may have several on an asset. */
const accountWords = ({ database_account }: Access) => (database_account ? ` (${database_account})` : '')

const mostNames = 6

const andList = (names: readonly string[]): string => {
  const shown =
    names.length > mostNames ? [...names.slice(0, mostNames), `${names.length - mostNames} more`] : names
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
