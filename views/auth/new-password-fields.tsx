import { passwordHint } from '../../src/auth/password-rules.ts'
import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'

/** A new password, twice. */
export const NewPasswordFields = ({ form }: { form: FormState }) => (
  <>
    <Field
      form={form}
      name="password"
      label="New Password"
      kind="password"
      hint={passwordHint}
      required
      attrs={{ autocomplete: 'new-password' }}
    />
    <Field
      form={form}
      name="password_again"
      label="New Password again"
      kind="password"
      required
      attrs={{ autocomplete: 'new-password' }}
    />
  </>
)
