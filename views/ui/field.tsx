import type { Child } from 'hono/jsx'
import type { Attrs } from './attrs.ts'
import type { FormState } from './form-state.ts'

export interface Option {
  value: string
  label: string
  hint?: string
  disabled?: boolean
}

export interface FieldFrame {
  form: FormState
  name: string
  /** Exactly the words people and tests look for. */
  label: string
  required?: boolean
  hint?: Child
  /** Shown when the form holds no value for this name yet. */
  value?: string
  /** Tells apart fields of the same name in several forms of one page. */
  idPrefix?: string
}

interface FieldProps extends FieldFrame {
  kind?:
    | 'text'
    | 'email'
    | 'password'
    | 'datetime-local'
    | 'number'
    | 'date'
    | 'textarea'
    | 'select'
    | 'checkbox'
    | 'radios'
  /** select and radios. A select without a value starts with a blank choice unless one has value ''. */
  options?: readonly Option[]
  /** Stands beside the control, such as a time zone. */
  suffix?: Child
  /** Stands under the control: what the portal understood, in words. */
  note?: Child
  rows?: number
  /** checkbox: what is sent when ticked. */
  checkedValue?: string
  /** maxlength, autocomplete, min, max, step, pattern, inputmode, readonly, `hx-…` … */
  attrs?: Attrs
}

/** Where the error summary leads to. */
export const fieldId = (name: string, prefix = 'field') => `${prefix}-${name.replace(/[^A-Za-z0-9_-]/g, '-')}`

export const typedValue = ({ form, name, value = '' }: Pick<FieldFrame, 'form' | 'name' | 'value'>) =>
  form.values[name] ?? value

export const Field = (props: FieldProps) => {
  if (props.kind === 'checkbox') return <Checkbox {...props} />
  if (props.kind === 'radios') return <Radios {...props} />
  return (
    <LabelledField {...props}>
      <div class="field-control">
        <Control {...props} />
        {props.suffix && (
          <span class="field-suffix" id={`${fieldId(props.name, props.idPrefix)}-suffix`}>
            {props.suffix}
          </span>
        )}
      </div>
      {props.note && (
        <p class="field-note" id={`${fieldId(props.name, props.idPrefix)}-note`}>
          {props.note}
        </p>
      )}
    </LabelledField>
  )
}

/** Label, required mark, hint and error around any control. */
export const LabelledField = ({ children, ...frame }: FieldFrame & { children?: Child }) => (
  <div class={frame.form.errors[frame.name] ? 'field field-wrong' : 'field'}>
    <p class="field-label">
      <label for={fieldId(frame.name, frame.idPrefix)}>{frame.label}</label>
      {frame.required && <RequiredMark />}
    </p>
    <HintAndError {...frame} />
    {children}
  </div>
)

/** The attributes that tie a control to its label, hint and error. */
export const controlAttrs = (
  { form, name, required, hint, idPrefix }: FieldFrame,
  also: readonly ('suffix' | 'note')[] = [],
) => {
  const id = fieldId(name, idPrefix)
  const error = form.errors[name] !== undefined
  const describedBy = [...(error ? ['error'] : []), ...(hint ? ['hint'] : []), ...also].map(p => `${id}-${p}`)
  return {
    id,
    name,
    required: required || undefined,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': describedBy.length ? describedBy.join(' ') : undefined,
  }
}

const RequiredMark = () => (
  <span class="field-required">
    <span aria-hidden="true">*</span> required
  </span>
)

const HintAndError = ({ form, name, hint, idPrefix }: FieldFrame) => {
  const id = fieldId(name, idPrefix)
  const error = form.errors[name]
  return (
    <>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </>
  )
}

const Control = (props: FieldProps) => {
  const { kind = 'text', rows = 4, attrs = {} } = props
  const also = [...(props.suffix ? (['suffix'] as const) : []), ...(props.note ? (['note'] as const) : [])]
  const tied = { ...controlAttrs(props, also), ...attrs }
  if (kind === 'textarea')
    return (
      <textarea rows={rows} {...tied}>
        {typedValue(props)}
      </textarea>
    )
  if (kind === 'select') return <Select {...props} tied={tied} />
  // What was typed into a password field is never sent back.
  return <input type={kind} value={kind === 'password' ? undefined : typedValue(props)} {...tied} />
}

const Select = ({ options = [], tied, ...props }: FieldProps & { tied: Attrs }) => {
  const value = typedValue(props)
  const blank = !value && !options.some(option => option.value === '')
  return (
    <select {...tied}>
      {blank && <option value="" />}
      {options.map(option => (
        <option value={option.value} selected={option.value === value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

const Checkbox = ({ checkedValue = 'yes', attrs = {}, ...props }: FieldProps) => (
  <div class={props.form.errors[props.name] ? 'field field-wrong' : 'field'}>
    <HintAndError {...props} hint={undefined} />
    <div class="choice">
      <input
        type="checkbox"
        value={checkedValue}
        checked={typedValue(props) === checkedValue}
        {...controlAttrs(props)}
        {...attrs}
      />
      <p class="field-label">
        <label for={fieldId(props.name, props.idPrefix)}>{props.label}</label>
        {props.required && <RequiredMark />}
      </p>
    </div>
    {props.hint && (
      <p class="field-hint choice-hint" id={`${fieldId(props.name, props.idPrefix)}-hint`}>
        {props.hint}
      </p>
    )}
  </div>
)

const Radios = ({ options = [], attrs = {}, ...props }: FieldProps) => {
  const { id, name, ...tied } = controlAttrs(props)
  return (
    <fieldset
      class={props.form.errors[props.name] ? 'field field-wrong' : 'field'}
      aria-describedby={tied['aria-describedby']}
    >
      <legend class="field-label">{props.label}</legend>
      {props.required && <RequiredMark />}
      <HintAndError {...props} />
      {options.map((option, i) => (
        <div class="choice">
          <input
            type="radio"
            id={choiceId(id, i)}
            name={name}
            value={option.value}
            checked={typedValue(props) === option.value}
            disabled={option.disabled}
            required={tied.required}
            {...attrs}
          />
          <div>
            <label for={choiceId(id, i)}>{option.label}</label>
            {option.hint && <p class="field-hint">{option.hint}</p>}
          </div>
        </div>
      ))}
    </fieldset>
  )
}

/** The error summary leads to the first choice. */
const choiceId = (id: string, index: number) => (index === 0 ? id : `${id}-${index}`)
