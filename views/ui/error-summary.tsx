import { fieldId } from './field.tsx'
import type { FormState } from './form-state.ts'

/** Stands first in the form's page; takes focus and leads to each wrong field. Nothing when nothing is wrong. */
export const ErrorSummary = ({ form, idPrefix }: { form: FormState; idPrefix?: string }) => {
  const errors = Object.entries(form.errors)
  if (errors.length === 0) return null
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-error-summary>
      <h2>There is a problem</h2>
      <ul>
        {errors.map(([name, message]) => (
          <li>{name === '' ? message : <a href={`#${fieldId(name, idPrefix)}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  )
}

export const hasErrors = (form: FormState) => Object.keys(form.errors).length > 0
