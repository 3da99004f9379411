import { fieldId } from './field.tsx'
import type { FormState } from './form-state.ts'

interface SummaryProps {
  form: FormState
  idPrefix?: string
  /** Which row a field is in, where fields of several rows have the same label. */
  rowOf?: (field: string) => string | undefined
}

/** Stands first in the form's page; takes focus and leads to each wrong field. Nothing when nothing is wrong. */
export const ErrorSummary = ({ form, idPrefix, rowOf }: SummaryProps) => {
  const errors = Object.entries(form.errors)
  if (errors.length === 0) return null
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-error-summary>
      <h2>There is a problem</h2>
      <ul>
        {errors.map(([name, message]) => (
          <li>
            {name === '' ? (
              message
            ) : (
              <a href={`#${fieldId(name, idPrefix)}`}>{named(message, rowOf?.(name))}</a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

const named = (message: string, row: string | undefined) =>
  row === undefined || message.startsWith(row) ? message : `${row}: ${message}`

export const hasErrors = (form: FormState) => Object.keys(form.errors).length > 0
