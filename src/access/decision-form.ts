import type { FormState } from '../../views/ui/form-state.ts'
import type { FieldErrors } from '../result.ts'
import type { ListedApproval } from './approvals-queries.ts'
import type { Decision, Refusal } from './decide.ts'
import { commentsField, dispositionField, isDisposition, versionField } from './decision-fields.ts'
import { accessNumber } from './find-access.ts'

type Values = FormState['values']

/** `settled` says why nothing is left to decide, such as who decided when. */
export type ShownApproval = ListedApproval & { settled?: string }

export interface ReadDecisions {
  decisions: Decision[]
  errors: FieldErrors
}

/** Requests that were on the page, by the versions it carried. */
export const shownNumbers = (values: Values): number[] =>
  Object.keys(values).flatMap(name => accessNumber(/^version-(\d+)$/.exec(name)?.[1] ?? '') ?? [])

/** What was chosen; a request without a Disposition is left alone, unless something was written about it. */
export function readDecisions(values: Values): ReadDecisions {
  const decisions: Decision[] = []
  const errors: Record<string, string> = {}
  const shown = shownNumbers(values)
  for (const accessId of shown) {
    const disposition = values[dispositionField(accessId)] || undefined
    const comments = values[commentsField(accessId)] ?? ''
    const version = accessNumber(values[versionField(accessId)] ?? '') ?? 0
    if (isDisposition(disposition)) decisions.push({ accessId, version, disposition, comments })
    else if (disposition !== undefined)
      errors[dispositionField(accessId)] = 'Choose APPROVED or REJECTED, or leave it blank.'
    else if (comments.trim() !== '') errors[dispositionField(accessId)] = unchosen
  }
  const [only, ...more] = shown
  if (decisions.length === 0 && Object.keys(errors).length === 0)
    if (only !== undefined && more.length === 0) errors[dispositionField(only)] = nothingChosen
    else errors[''] = `${nothingChosen.slice(0, -1)} for at least one request.`
  return { decisions, errors }
}

const unchosen = 'Choose a Disposition, or clear the Reviewer Comments: nothing was decided yet.'
const nothingChosen = 'Nothing was decided: choose a Disposition.'

/** Requests about which something was chosen or written. */
export const touchedNumbers = (values: Values): number[] =>
  shownNumbers(values).filter(id => values[dispositionField(id)] || values[commentsField(id)])

/**
 * The form again, as it was sent. Where the request is no longer what was shown, the Disposition has to be chosen
 * again, by what it is now.
 */
export function formAgain(
  values: Values,
  errors: FieldErrors,
  refusals: ReadonlyMap<number, Refusal>,
  rows: readonly ShownApproval[],
): FormState {
  const again: Record<string, string> = { ...values }
  const all: Record<string, string> = { ...errors }
  for (const row of rows) {
    const name = dispositionField(row.id)
    const refusal = refusals.get(row.id) ?? settledMeanwhile(row) ?? overtaken(values, row)
    if (!refusal) continue
    if (refusal.kind === 'changed') again[name] = ''
    all[name] =
      `${row.person_id}, ${row.asset_id}, ${row.type_name}: ${refusal.message}${afterwards(refusal, values[name])}`
  }
  return { values: again, errors: all }
}

const settledMeanwhile = ({ settled }: ShownApproval): Refusal | null =>
  settled === undefined ? null : { kind: 'decided', message: settled }

/** A form that comes back later, or beside one that was refused, may show what has changed as well. */
function overtaken(values: Values, row: ListedApproval): Refusal | null {
  const shown = values[versionField(row.id)]
  if (!shown || !values[dispositionField(row.id)] || shown === String(row.version)) return null
  return { kind: 'changed', message: 'The request was changed since you opened it.' }
}

const afterwards = ({ kind }: Refusal, chosen: string | undefined) =>
  kind === 'changed' && isDisposition(chosen)
    ? ` You had chosen ${chosen}: look at what it is now, and choose again.`
    : ''
