import {
  accountAct,
  newPasswordField,
  resetAtField,
  resetOffsetField,
  resetZoneField,
} from '../../src/database-accounts/account-fields.ts'
import type { MadeAccount } from '../../src/database-accounts/account-view.ts'
import { passwordHint, passwordLength } from '../../src/database-accounts/password-rule.ts'
import { paths } from '../../src/paths.ts'
import { zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import type { DetailsProps } from './access-details.tsx'
import { MANAGE_FORM } from './manage-form.ts'

/** Reset Database Password, among the Actions of an access. */
export const ResetPassword = (props: DetailsProps) => {
  const made = props.row.account?.made
  if (!made?.may.resetPassword) return null
  return (
    <div class="account-reset">
      {made.resetDueAt !== null && <Scheduled {...props} at={made.resetDueAt} />}
      {made.change ? (
        <p class="field-hint">The password is being reset. It can be reset again when that is done.</p>
      ) : (
        <ResetFields {...props} made={made} />
      )}
    </div>
  )
}

const ResetFields = (props: DetailsProps & { made: MadeAccount }) => {
  const { person, view, made } = props
  const { id } = props.row.access
  return (
    <>
      {made.may.choosePassword ? (
        <Field
          form={view}
          name={newPasswordField(id)}
          label="New Database Password"
          kind="password"
          hint={passwordHint}
          attrs={{
            form: MANAGE_FORM,
            autocomplete: 'new-password',
            maxlength: passwordLength.max + 1,
            spellcheck: 'false',
            'data-enter': resetButton(id),
          }}
        />
      ) : (
        <p class="field-hint">
          Resets the password used to connect to the database. One is generated; only {person.display_name}{' '}
          can see it.
        </p>
      )}
      {made.may.schedule && <ResetAt {...props} />}
      <p>
        <Button
          form={MANAGE_FORM}
          formaction={paths.resetDatabasePassword(person.id, id)}
          name="do"
          value={accountAct('reset', id)}
          attrs={{ id: resetButton(id) }}
        >
          Reset Database Password
        </Button>
      </p>
    </>
  )
}

const resetButton = (id: number) => `reset-of-${id}`

const ResetAt = ({ chrome, view, row: { access }, made }: DetailsProps & { made: MadeAccount }) => {
  const zone = view.values[resetZoneField(access.id)] ?? zoneOf(chrome)
  const choices = made.asked?.choices ?? []
  return (
    <>
      <input type="hidden" name={resetZoneField(access.id)} value={zone} form={MANAGE_FORM} />
      <Field
        form={view}
        name={resetAtField(access.id)}
        label="Reset at"
        kind="datetime-local"
        hint="When the program can take a new password. It is generated then. Leave it empty to reset the password now."
        suffix={zone}
        attrs={{ form: MANAGE_FORM, 'data-enter': resetButton(access.id) }}
      />
      {choices.length > 0 && (
        <Field
          form={view}
          name={resetOffsetField(access.id)}
          label="Which of the two?"
          kind="radios"
          hint="The clocks go back, so this local time happens twice."
          options={choices.map(({ offset, label }) => ({ value: String(offset), label }))}
          attrs={{ form: MANAGE_FORM }}
        />
      )}
    </>
  )
}

const Scheduled = ({ chrome, person, row: { access }, at }: DetailsProps & { at: string }) => (
  <Callout>
    <p>
      The password will be reset on <Time at={at} zone={zoneOf(chrome)} look="sentence" />.
    </p>
    <Button
      form={MANAGE_FORM}
      formaction={paths.cancelDatabaseReset(person.id, access.id)}
      name="do"
      value={accountAct('cancel-reset', access.id)}
    >
      Cancel the scheduled reset
    </Button>
  </Callout>
)
