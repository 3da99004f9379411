import type { Attrs } from './attrs.ts'
import { controlAttrs, type FieldFrame, fieldId, LabelledField, typedValue } from './field.tsx'
import { Icon } from './icon.tsx'
import { selectValueDialogId } from './select-value.tsx'

interface LookupFieldProps extends FieldFrame {
  /** Answers the form with the values to choose from: a page, or for htmx <SelectValueDialog>. */
  lookup: string
  /** What the value stands for, such as the environment's description. */
  meaning?: string
  /** Where it stands outside of its form. */
  formId?: string
  attrs?: Attrs
}

/**
 * Takes what is typed; its magnifying glass opens Select Value. Without scripts the whole form is posted to
 * `lookup` and comes back; with them the dialog of the page is filled and the choice is put into the input.
 */
export const LookupField = ({ lookup, meaning, formId, attrs = {}, ...frame }: LookupFieldProps) => (
  <LabelledField {...frame}>
    <div class="lookup">
      <input
        type="text"
        value={typedValue(frame)}
        autocomplete="off"
        spellcheck={false}
        form={formId}
        {...controlAttrs(frame, meaning ? ['note'] : [])}
        {...attrs}
      />
      <button
        type="submit"
        class="button button-secondary lookup-button"
        form={formId}
        formaction={lookup}
        formnovalidate
        title={`Select Value: ${frame.label}`}
        data-lookup={frame.name}
        hx-post={lookup}
        hx-target={`#${selectValueDialogId}`}
        hx-swap="innerHTML"
      >
        <Icon name="search" />
        <span class="visually-hidden">Select Value: {frame.label}</span>
      </button>
    </div>
    {meaning && (
      <p class="field-note" id={`${fieldId(frame.name, frame.idPrefix)}-note`}>
        {meaning}
      </p>
    )}
  </LabelledField>
)
