import type { EngineWords, OptionWords } from '../../src/database-accounts/engine-options.ts'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Twistie } from '../ui/twistie.tsx'
import { typedAsCode, typedExactly } from '../ui/typed-exactly.ts'
import { SecretFields } from './secret-fields.tsx'

interface FieldsProps {
  form: FormState
  /** Its kind; of a new one all of them. */
  engines: readonly EngineWords[]
  /** What is stored; null: nothing yet. */
  credential: string | null
}

const portNumber = { inputmode: 'numeric', autocomplete: 'off', maxlength: 5 } as const

export const ServerFields = (props: FieldsProps) => (
  <>
    <AddressFields {...props} />
    <CredentialFields {...props} />
    <TrustFields {...props} />
    <OptionsField {...props} />
  </>
)

const AddressFields = ({ form, engines }: FieldsProps) => (
  <div class="field-sets">
    <FieldSet legend="Primary" hint="Where people, programs and the portal connect.">
      <Field form={form} name="host" label="Host" required attrs={typedExactly(253)} />
      <Field form={form} name="port" label="Port" hint={`Empty: ${portWords(engines)}.`} attrs={portNumber} />
    </FieldSet>
    <FieldSet
      legend="Standby (high availability, HADR)"
      hint="Accounts for production are read-only on the standby; without one they are not offered."
    >
      <Field
        form={form}
        name="standby_host"
        label="Standby host"
        hint="Empty: there is none."
        attrs={typedExactly(253)}
      />
      <Field
        form={form}
        name="standby_port"
        label="Standby port"
        hint="Empty: the same as the primary’s."
        attrs={portNumber}
      />
    </FieldSet>
  </div>
)

const portWords = (engines: readonly EngineWords[]) => {
  const [first, second] = engines
  if (first && !second) return String(first.defaultPort)
  return engines.map(({ label, defaultPort }) => `${defaultPort} for ${label}`).join(', ')
}

const CredentialFields = ({ form, credential }: FieldsProps) => (
  <FieldSet
    legend="The portal’s account"
    hint="The account on the server that makes, changes and removes the others, with the least rights it needs."
  >
    <Field form={form} name="admin_name" label="Account name" required attrs={typedExactly(128)} />
    <SecretFields
      form={form}
      secret={{ name: 'password', label: 'Password', maxlength: 1000 }}
      reference={{ name: 'password_reference', label: 'Or a reference to the password' }}
      stored={credential}
    />
  </FieldSet>
)

const TrustFields = ({ form }: FieldsProps) => (
  <FieldSet
    legend="Whom to believe"
    hint="The server’s certificate has to be signed by the CA and to name the host; or it has to be the very one whose fingerprint you give. Anything else is refused."
  >
    <Field
      form={form}
      name="ca"
      label="CA certificates"
      kind="textarea"
      rows={6}
      hint="One or more certificates of authorities in PEM."
      attrs={typedAsCode}
    />
    <Field
      form={form}
      name="pin"
      label="Fingerprint of the primary’s certificate"
      hint="SHA-256, with or without colons. Instead of a CA."
      attrs={typedExactly(200)}
    />
    <Field
      form={form}
      name="standby_pin"
      label="Fingerprint of the standby’s certificate"
      attrs={typedExactly(200)}
    />
  </FieldSet>
)

const OptionsField = ({ form, engines }: FieldsProps) => (
  <FieldSet legend="Options">
    <Field
      form={form}
      name="options"
      label="Options as JSON"
      kind="textarea"
      rows={5}
      hint="Never write a password here. Empty: none."
      attrs={typedAsCode}
    />
    {engines.map(engine =>
      engine.options.length === 0 ? (
        <p class="field-hint">{engine.label} has no options.</p>
      ) : (
        <Twistie summary={`Options of ${engine.label}`}>
          <OptionList options={engine.options} />
        </Twistie>
      ),
    )}
  </FieldSet>
)

const OptionList = ({ options }: { options: readonly OptionWords[] }) => (
  <dl class="option-list">
    {options.map(option => (
      <div>
        <dt>
          <code>{option.name}</code> {option.type && <span class="option-type">{option.type}</span>}
          {option.required && <span class="option-type"> required</span>}
        </dt>
        <dd>{option.about}</dd>
      </div>
    ))}
  </dl>
)
