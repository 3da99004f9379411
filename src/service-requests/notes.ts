import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { fail, invalid, notFound, ok, type Result } from '../result.ts'
import { auditActor, subjectOf, tell } from './change-request.ts'
import { findVisibleRequest } from './find-request.ts'
import { SUMMARY_LENGTH } from './understand.ts'

export interface NewNote {
  summary: string
  details: string
  /** Operators may keep a note among themselves. */
  viewable: boolean
}

const DETAILS_LENGTH = 4000

/** New Row of the Work Log. */
export async function addNote(
  deps: Deps,
  actor: Actor,
  requestId: number,
  note: NewNote,
): Promise<Result<number>> {
  const added = await deps.db.transaction().execute(async tx => {
    const found = await findVisibleRequest(tx, actor, requestId)
    if (!found) return notFound()
    if (!can(actor, 'service-request.note', found.subject)) return fail(notAllowed)
    const wrong = wrongNote(note)
    if (wrong) return invalid(wrong)
    const hidden = !note.viewable && can(actor, 'service-request.see-hidden-notes')
    const row = await tx
      .insertInto('work_log')
      .values({
        request_id: requestId,
        created_by: actor.id,
        created_by_name: shownName(actor),
        created_at: nowInstant(deps.clock),
        summary: note.summary.trim(),
        details: note.details,
        viewable: hidden ? 0 : 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await record(tx, deps.clock, auditActor(actor), 'service-request note added', subjectOf(found.request), {
      note: row.id,
      viewable: !hidden,
    })
    return ok(row.id)
  })
  if (added.ok) tell(deps, requestId)
  return added
}

const notAllowed = {
  kind: 'forbidden',
  message: 'Notes may be added by the requester, managers of the customer and operators.',
} as const

function wrongNote({ summary, details }: NewNote): Record<string, string> | undefined {
  const errors = {
    ...(summary.trim() === '' && { summary: 'Fill in Summary.' }),
    ...(summary.length > SUMMARY_LENGTH && {
      summary: `Summary has ${summary.length.toLocaleString('en-US')} characters. Use at most ${SUMMARY_LENGTH}.`,
    }),
    ...(details.length > DETAILS_LENGTH && {
      details: `Details have ${details.length.toLocaleString('en-US')} characters. Use at most ${DETAILS_LENGTH.toLocaleString('en-US')}.`,
    }),
  }
  return Object.keys(errors).length ? errors : undefined
}
