import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Twistie } from '../ui/twistie.tsx'
import { readRows, rowName } from './row-fields.ts'
import { Rows } from './rows.tsx'

/** What one row of the editor holds, each as text. */
export const actionFieldKeys = [
  'name',
  'label',
  'type',
  'required',
  'hint',
  'default',
  'options',
  'pattern',
  'patternHelp',
  'maxLength',
  'min',
  'max',
] as const

const types = [
  { value: 'text', label: 'Text, one line' },
  { value: 'textarea', label: 'Text, several lines' },
  { value: 'number', label: 'Number' },
  { value: 'date', label: 'Date' },
  { value: 'select', label: 'One of a list' },
  { value: 'checkbox', label: 'Box to tick' },
]

/** The editor of an action's own form: one row a field. */
export const ActionFieldRows = ({ form }: { form: FormState }) => (
  <Rows
    form={form}
    name="fields"
    legend="Own fields"
    hint={
      <>
        What the requester fills in besides. Runbooks use it as <code>{'{{field.NAME}}'}</code>.
      </>
    }
    prefix="field"
    none="The action asks for nothing more."
    rows={readRows(form.values, 'field', actionFieldKeys).map((row, i) => ({
      index: row.index,
      label: `Field ${i + 1}`,
      fields: (
        <OneField form={form} index={row.index} words={`Field ${i + 1}`} open={hasMore(form, row.index)} />
      ),
    }))}
  />
)

interface OneFieldProps {
  form: FormState
  index: number
  /** Begins each label, so that no two are the same. */
  words: string
  open: boolean
}

const OneField = ({ form, index, words, open }: OneFieldProps) => {
  const at = (key: (typeof actionFieldKeys)[number]) => ({ form, name: rowName('field', index, key) })
  return (
    <>
      <Field
        {...at('name')}
        label={`${words} name`}
        required
        hint="Small letters, digits and _, such as case_id."
        attrs={{ autocomplete: 'off', maxlength: 40, spellcheck: 'false' }}
      />
      <Field
        {...at('label')}
        label={`${words} label`}
        required
        hint="What stands above the field."
        attrs={{ maxlength: 100 }}
      />
      <Field {...at('type')} label={`${words} type`} kind="select" required options={types} value="text" />
      <Field {...at('required')} label={`${words} must be filled in`} kind="checkbox" />
      <Field {...at('hint')} label={`${words} hint`} attrs={{ maxlength: 300 }} />
      <Field
        {...at('options')}
        label={`${words} choices`}
        kind="textarea"
        rows={3}
        hint="For “One of a list”: one a line, as value = what is shown."
      />
      <Twistie summary="Limits and default" open={open}>
        <Field {...at('default')} label={`${words} default`} hint="For a box to tick: yes." />
        <Field
          {...at('pattern')}
          label={`${words} pattern`}
          hint="For text: a regular expression for the whole value, such as TS[0-9]{9}."
          attrs={{ spellcheck: 'false', maxlength: 200 }}
        />
        <Field
          {...at('patternHelp')}
          label={`${words} words for a wrong pattern`}
          attrs={{ maxlength: 200 }}
        />
        <Field
          {...at('maxLength')}
          label={`${words} longest text`}
          kind="number"
          attrs={{ min: 1, max: 4000 }}
        />
        <Field {...at('min')} label={`${words} smallest number`} attrs={{ inputmode: 'decimal' }} />
        <Field {...at('max')} label={`${words} largest number`} attrs={{ inputmode: 'decimal' }} />
      </Twistie>
    </>
  )
}

/** Something folded away is set, or wrong. */
const hasMore = (form: FormState, index: number) =>
  (['default', 'pattern', 'patternHelp', 'min', 'max'] as const).some(key => {
    const name = rowName('field', index, key)
    return Boolean(form.values[name]) || form.errors[name] !== undefined
  }) || form.errors[rowName('field', index, 'maxLength')] !== undefined
