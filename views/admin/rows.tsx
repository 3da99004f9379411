import type { Child } from 'hono/jsx'
import { Button } from '../ui/button.tsx'
import { fieldId } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'

interface RowsProps {
  form: FormState
  /** The error of all rows together is told under this name. */
  name: string
  legend: string
  hint?: Child
  /** In "New Row" and "Remove": what one row is, such as "variable". */
  prefix: string
  rows: readonly { index: number; label: string; fields: Child }[]
  none: string
  /** The labels of its fields name the row already. */
  plain?: boolean
}

/** Rows of fields to which rows can be added and from which they can be taken, without scripts too. */
export const Rows = ({ form, name, legend, hint, prefix, rows, none, plain }: RowsProps) => {
  const id = fieldId(name)
  const error = form.errors[name]
  return (
    <fieldset
      class={error ? 'field-set rows field-wrong' : 'field-set rows'}
      id={id}
      tabindex={-1}
      aria-describedby={error ? `${id}-error` : undefined}
    >
      <legend>{legend}</legend>
      {hint && <p class="field-hint">{hint}</p>}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {rows.length === 0 && <p class="none">{none}</p>}
      {rows.map(row => (
        <fieldset class="rows-row">
          <legend class={plain ? 'visually-hidden' : undefined}>{row.label}</legend>
          <div class="rows-fields">{row.fields}</div>
          <Button kind="quiet" name="row" value={`remove ${prefix} ${row.index}`} icon="close">
            Remove<span class="visually-hidden"> {row.label}</span>
          </Button>
        </fieldset>
      ))}
      <Button name="row" value={`add ${prefix}`} icon="plus">
        New Row
      </Button>
    </fieldset>
  )
}

/** Enter in a field means Save, not the first button of a row: browsers press the form's first one. */
export const EnterSaves = () => <input type="submit" hidden />
