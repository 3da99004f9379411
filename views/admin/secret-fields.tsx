import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import { typedExactly } from '../ui/typed-exactly.ts'

interface Props {
  form: FormState
  /** Names and labels of the fields for the secret itself, and for a reference to it. */
  secret: { name: string; label: string; maxlength: number }
  reference: { name: string; label: string }
  /** What is stored, in words; null: nothing yet. */
  stored: string | null
}

/** A secret of another system: typed and stored encrypted, or read from where a reference leads to. */
export const SecretFields = ({ form, secret, reference, stored }: Props) => (
  <>
    <Field
      form={form}
      name={secret.name}
      label={secret.label}
      kind="password"
      hint={
        stored === null
          ? 'Stored encrypted and never shown again.'
          : `Never shown again. Empty: it stays as it is (${stored}).`
      }
      attrs={{ autocomplete: 'new-password', maxlength: secret.maxlength }}
    />
    <Field
      form={form}
      name={reference.name}
      label={reference.label}
      hint={
        <>
          Instead: <code>env:GATEHOUSE_SECRET_NAME</code> or <code>file:/path/of/the/file</code>, read anew
          each time, with the portal’s own rights. What it holds is never shown.
        </>
      }
      attrs={typedExactly(500)}
    />
  </>
)
