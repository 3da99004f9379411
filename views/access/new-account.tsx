import type { AddedRow } from '../../src/access/manage-access-rows.ts'
import { accessField } from '../../src/access/staged-changes.ts'
import { Field, fieldId, LabelledField } from '../ui/field.tsx'
import type { ManageAccessProps } from './manage-access-page.tsx'
import { looked, MANAGE_FORM } from './manage-form.ts'

type NewAccountProps = Pick<ManageAccessProps, 'person' | 'view'> & { row: AddedRow }

/** Database Account ID of an access that is being requested: given for a service account, filled in for a user account. */
export const NewAccount = ({ person, view, row }: NewAccountProps) => {
  const { type, account } = row.read
  const name = accessField(row.index, 'account')
  if (type?.kind === 'database-service') return <Given person={person} view={view} row={row} />
  return (
    <>
      <input type="hidden" name={name} value={row.read.row.account} form={MANAGE_FORM} />
      {type?.kind === 'database-user' && account && <FilledIn name={name} account={account.name} />}
    </>
  )
}

const hint =
  "The provided database service account ID must contain the prefix 'dbsrv_'. In addition to the required prefix, the account id can only contain numbers and lowercase letters and must not exceed a length of 18 characters."

const Given = ({ person, view, row }: NewAccountProps) => {
  const name = accessField(row.index, 'account')
  const piece = `look-${name}`
  return (
    <>
      <div id={piece} aria-live="polite">
        {view.piece && view.errors[name] && <p class="field-error">{view.errors[name]}</p>}
      </div>
      <Field
        form={view.piece ? { values: view.values, errors: {} } : view}
        name={name}
        label="Database Account ID"
        required
        hint={hint}
        attrs={{
          ...looked(person.id, piece),
          autocomplete: 'off',
          autocapitalize: 'none',
          spellcheck: 'false',
        }}
      />
    </>
  )
}

/** Read only, and not sent: the portal fills it in again at Save. */
const FilledIn = ({ name, account }: { name: string; account: string }) => (
  <LabelledField form={{ values: {}, errors: {} }} name={name} label="Database Account ID" hint={filledIn}>
    <div class="field-control">
      <input
        type="text"
        id={fieldId(name)}
        value={account}
        readonly
        form={MANAGE_FORM}
        aria-describedby={`${fieldId(name)}-hint`}
      />
    </div>
  </LabelledField>
)

const filledIn = 'It is populated for you.'
