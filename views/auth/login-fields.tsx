import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'

export const LoginIdField = ({ form }: { form: FormState }) => (
  <Field
    form={form}
    name="login_id"
    label="Login ID"
    kind="email"
    hint="Your e-mail address."
    required
    attrs={{ autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' }}
  />
)

/** The password one has. */
export const PasswordField = ({ form }: { form: FormState }) => (
  <Field
    form={form}
    name="password"
    label="Password"
    kind="password"
    required
    attrs={{ autocomplete: 'current-password' }}
  />
)
