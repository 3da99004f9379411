import { paths } from '../../src/paths.ts'
import type { ActionField } from '../../src/service-requests/action-fields.ts'
import type { Chrome } from '../layout/chrome.ts'
import type { Attrs } from '../ui/attrs.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { LookupField } from '../ui/lookup-field.tsx'

export const REQUEST_FORM = 'service-request-form'

export interface RequestFormProps {
  chrome: Chrome
  form: FormState
  /** Where Save goes, and what goes along unseen. */
  action: string
  hidden: Readonly<Record<string, string | number>>
  /** Zone of Requested Start. */
  zone: string
  /** Requested Start in words: local and UTC. */
  startWords: string
  /** Where the wall time happens twice. */
  startChoices: readonly { offset: number; label: string }[]
  environment: { id: string; description: string; class: string; customer_name: string } | null
  requestedAction: { name: string; description: string; fields: readonly ActionField[] } | null
  cancelHref: string
  /** Only a piece is drawn anew, without the fields: what is wrong with them is said in the piece. */
  piece: boolean
}

/** Target, action, its own fields, start and summary: for new requests and for those not queued yet. */
export const RequestForm = (props: RequestFormProps) => (
  <Form chrome={props.chrome} action={props.action} hidden={props.hidden} id={REQUEST_FORM}>
    <Field
      form={props.form}
      name="requested_start"
      label="Requested Start"
      kind="datetime-local"
      hint="Leave it empty to start as soon as possible."
      suffix={props.zone}
      attrs={redraw('start-words')}
    />
    <StartWords {...props} />
    <LookupField
      form={props.form}
      name="target_environment"
      label="Target Environment"
      required
      hint="Type its id or name, or choose it with the magnifying glass."
      lookup={paths.selectValue('target_environment')}
      attrs={redraw('action-fields')}
    />
    <LookupField
      form={props.form}
      name="requested_action"
      label="Requested Action"
      required
      hint="Type its name, or choose it with the magnifying glass."
      lookup={paths.selectValue('requested_action')}
      attrs={redraw('action-fields')}
    />
    <OwnFields {...props} />
    <Field
      form={props.form}
      name="summary"
      label="Summary"
      hint="Up to 250 characters. Left empty, it is the name of the action."
    />
    <FormButtons>
      <Button>Save</Button>
      <ButtonLink href={props.cancelHref} kind="quiet">
        Cancel
      </ButtonLink>
    </FormButtons>
  </Form>
)

/** Where scripts run, only this part is drawn anew when a field was changed. */
const redraw = (part: string): Attrs => ({
  'hx-post': paths.serviceRequestForm(),
  'hx-trigger': 'change',
  'hx-target': `#${part}`,
  'hx-select': `#${part}`,
  'hx-swap': 'outerHTML',
  // A newer redraw calls the older one off: once that one had replaced the part, htmx would drop the newer answer.
  'hx-sync': `#${part}:replace`,
})

/** What the portal understood of Requested Start, and the question where it can mean two times. */
const StartWords = ({ form, startWords, startChoices, piece }: RequestFormProps) => (
  <div id="start-words" aria-live="polite">
    {piece && startChoices.length === 0 && <Wrong message={form.errors.requested_start} />}
    {startWords && <p class="field-note">{startWords}</p>}
    {startChoices.length > 0 && (
      <Field
        form={form}
        name="requested_offset"
        label="Which of the two?"
        kind="radios"
        required
        hint="The clocks go back, so this local time happens twice."
        options={startChoices.map(({ offset, label }) => ({ value: String(offset), label }))}
      />
    )}
  </div>
)

/** What was chosen, in words, and the fields that the action asks for. */
const OwnFields = ({ form, environment, requestedAction, piece }: RequestFormProps) => (
  <div id="action-fields" aria-live="polite">
    {piece && <Wrong message={form.errors.target_environment} />}
    {environment && (
      <p class="field-note">
        {environment.id}: {environment.description},{' '}
        {environment.class === 'PRODUCTION' ? 'production' : 'non-production'}, of {environment.customer_name}
        .
      </p>
    )}
    {piece && <Wrong message={form.errors.requested_action} />}
    {requestedAction && (
      <p class="field-note">
        {requestedAction.name}: {requestedAction.description}
      </p>
    )}
    {requestedAction && requestedAction.fields.length > 0 && (
      <FieldSet legend={requestedAction.name}>
        {requestedAction.fields.map(field => (
          <OwnField form={form} field={field} />
        ))}
      </FieldSet>
    )}
  </div>
)

const Wrong = ({ message }: { message: string | undefined }) =>
  message ? <p class="field-error">{message}</p> : null

const OwnField = ({ form, field }: { form: FormState; field: ActionField }) => (
  <Field
    form={form}
    name={`field_${field.name}`}
    label={field.label}
    kind={field.type}
    required={field.required}
    hint={field.hint}
    value={field.default}
    options={field.options}
    attrs={numberLimits(field)}
  />
)

const numberLimits = (field: ActionField): Attrs =>
  field.type === 'number' ? { min: field.min, max: field.max, step: 'any' } : {}

/** In the head of the page, before everything else that could be pressed: Enter in a field means Save. */
export const SaveButton = ({ kind = 'primary' }: { kind?: 'primary' | 'secondary' }) => (
  <Button kind={kind} form={REQUEST_FORM}>
    Save
  </Button>
)
