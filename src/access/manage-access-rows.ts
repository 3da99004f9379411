import { actorWords, type HistoryEntry, historyOf } from '../audit/queries.ts'
import { type AccountView, accountView } from '../database-accounts/account-view.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { isRemovable, type PersonAccess } from './access-queries.ts'
import { hasFailed } from './access-tasks.ts'
import { warningOn } from './access-types.ts'
import { isUndecided } from './decided-words.ts'
import { subjectOf } from './find-access.ts'
import { type Cut, cut, filterAccesses } from './manage-access-query.ts'
import { type Drawing, fieldsOf } from './manage-drawing.ts'
import { type OpenTransfer, openTransfer } from './open-transfer.ts'
import { isTyped, type ReadAccess } from './read-access-row.ts'
import { editField, newKey } from './staged-changes.ts'
import { whyNotTransferred } from './transfer-access.ts'

const accessesAPage = 10

export type AccessRow = ({ kind: 'saved' } & SavedAccessRow) | AddedRow

export interface AddedRow {
  kind: 'added'
  index: number
  /** Its fields are shown; else what was typed, in words. */
  fields: boolean
  open: boolean
  read: ReadAccess
  warning: string
  second: boolean
}

export interface SavedAccessRow {
  access: PersonAccess
  removed: boolean
  removable: boolean
  /** The Justification may be typed anew here. */
  editable: boolean
  edited: boolean
  open: boolean
  may: { remove: boolean; withdraw: boolean; retry: boolean; transfer: boolean; log: boolean }
  account: AccountView | null
  /** Of its service account. */
  transfer: OpenTransfer | undefined
  requestedBy: string
  editedBy: string
  decidedBy: string
  history: readonly (HistoryEntry & { who: string })[]
}

/** The accesses on the selected asset. */
export async function cutAccesses(deps: Deps, drawing: Drawing, selected: string): Promise<Cut<AccessRow>> {
  const { saved, staged, query, opened } = drawing
  const here = filterAccesses(
    saved.filter(access => access.asset_id === selected),
    query,
  )
  const added = staged.accesses.filter(row => row.on === selected)
  const place = here.findIndex(access => opened === String(access.id))
  const page = cut(here, query.accesses_page, accessesAPage, added.length, place)
  const rows: AccessRow[] = []
  const addedRows = addedAccesses(drawing, added)
  // One thing at a time: while a new row is filled in, the others are read.
  const filling = addedRows.length > 0
  for (const access of page.rows)
    rows.push({ kind: 'saved', ...(await savedRow(deps, drawing, access, filling)) })
  return { ...page, rows: [...rows, ...addedRows] }
}

/** Where every row is filled in, the last one can still be typed into; the others show what they say. */
function addedAccesses(drawing: Drawing, added: readonly { index: number }[]): AddedRow[] {
  const rows = added.flatMap(({ index }) => addedRow(drawing, index))
  if (rows.some(row => row.fields)) return rows
  return rows.map((row, i) => (i === rows.length - 1 ? { ...row, fields: true, open: true } : row))
}

function addedRow({ read, staged, errors, opened, keepOpen }: Drawing, index: number): AddedRow[] {
  const found = read.accesses.find(one => one.row.index === index)
  const row = staged.accesses.find(one => one.index === index)
  if (!found || !row) return []
  const { asset, type, questions } = found
  const fields =
    keepOpen ||
    opened === newKey(index) ||
    !isTyped(found) ||
    fieldsOf(index).some(name => errors[name] !== undefined)
  return [
    {
      kind: 'added',
      index,
      fields,
      open: fields || !found.confirmed,
      read: { ...found, row },
      warning: asset && type && questions.includes('warning') ? warningOn(type, asset.id) : '',
      second: questions.includes('second'),
    },
  ]
}

async function savedRow(
  deps: Deps,
  { requesting: { actor }, staged, read, errors, opened, account }: Drawing,
  access: PersonAccess,
  filling: boolean,
): Promise<SavedAccessRow> {
  const subject = await subjectOf(deps.db, deps, access)
  const removed = staged.removals.some(row => row.id === access.id)
  const edited = read.edits.some(row => row.access.id === access.id)
  const wrong = errors[editField(access.id)] !== undefined
  const asked = opened === String(access.id)
  const mayEdit = isUndecided(access) && can(actor, 'access.edit', subject) && !removed
  return {
    access,
    removed,
    removable: isRemovable(access) && can(actor, removing(access), subject),
    editable: mayEdit && (!filling || edited || wrong || asked),
    edited,
    open: asked || edited || wrong,
    may: {
      remove: !isUndecided(access) && isRemovable(access) && can(actor, 'access.remove', subject),
      withdraw: isUndecided(access) && can(actor, 'access.withdraw', subject),
      retry: hasFailed(access) && can(actor, 'access.retry'),
      transfer: whyNotTransferred(access) === null && can(actor, 'access.transfer', subject),
      log: isOperator(actor),
    },
    transfer: whyNotTransferred(access) === null ? await openTransfer(deps.db, access.id) : undefined,
    account: await accountView(deps.db, actor, access, subject, account),
    requestedBy: nameFor(actor, access.requested_by_name, access.requested_by_role),
    editedBy: nameFor(actor, access.edited_by_name, access.edited_by_role),
    decidedBy: nameFor(actor, access.decided_by_name, access.decided_by_role),
    history: await toldHistory(deps.db, actor, access.id),
  }
}

const removing = (access: PersonAccess) => (isUndecided(access) ? 'access.withdraw' : 'access.remove')

/** Operators are no persons to customers. */
const nameFor = (viewer: Actor, name: string | null, role: string | null) =>
  role === 'OPERATOR' && !isOperator(viewer) ? 'operator' : (name ?? '')

async function toldHistory(db: DbOrTx, viewer: Actor, id: number) {
  const entries = await historyOf(db, 'access', id, 30)
  return entries.map(entry => ({ ...entry, who: actorWords(viewer, entry) }))
}
