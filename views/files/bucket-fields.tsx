import { SecretFields } from '../admin/secret-fields.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import type { FormState } from '../ui/form-state.ts'
import { typedExactly } from '../ui/typed-exactly.ts'

interface Props {
  form: FormState
  hasKey: boolean
}

/** Where a bucket is, and how the portal gets into it. */
export const BucketFields = ({ form, hasKey }: Props) => (
  <FieldSet legend="S3 bucket" hint="Only where a bucket is the place.">
    <Field
      form={form}
      name="endpoint"
      label="Address"
      hint="Such as https://s3.example.com. Empty: Amazon’s own of the region."
      attrs={{ ...typedExactly(300), inputmode: 'url' }}
    />
    <Field
      form={form}
      name="region"
      label="Region"
      hint="Such as eu-central-1; us-east-1 where the store knows none."
      attrs={typedExactly(60)}
    />
    <Field form={form} name="bucket" label="Bucket" attrs={typedExactly(63)} />
    <Field
      form={form}
      name="prefix"
      label="Prefix"
      hint="Only what begins with it is shown. Two stores never share one."
      attrs={typedExactly(400)}
    />
    <Field
      form={form}
      name="path_style"
      label="The bucket stands in the path"
      kind="checkbox"
      hint="https://s3.example.com/bucket instead of https://bucket.s3.example.com: what most stores of one’s own need."
    />
    <Field form={form} name="access_key_id" label="Access key ID" attrs={typedExactly(200)} />
    <SecretFields
      form={form}
      secret={{ name: 'key_password', label: 'Secret access key', maxlength: 500 }}
      reference={{ name: 'credential', label: 'Reference to the secret access key' }}
      stored={hasKey ? 'one is stored' : null}
    />
    <Field
      form={form}
      name="transfer"
      label="Downloads"
      kind="radios"
      value="stream"
      options={[
        { value: 'stream', label: 'Through the portal', hint: 'People need not reach the store.' },
        {
          value: 'presigned',
          label: 'From the store',
          hint: 'By an address that is good for a minute, for whoever has it. Browsers must reach the store.',
        },
      ]}
    />
  </FieldSet>
)
