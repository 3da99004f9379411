import type { AccessRow } from '../../src/access/manage-access-rows.ts'
import { accessField } from '../../src/access/staged-changes.ts'
import { paths } from '../../src/paths.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { LookupField } from '../ui/lookup-field.tsx'
import type { ManageAccessProps } from './manage-access-page.tsx'
import { keeping, looked, MANAGE_FORM, noted } from './manage-form.ts'
import { NewAccount } from './new-account.tsx'

type AddedProps = ManageAccessProps & { row: Extract<AccessRow, { kind: 'added' }> }

/** Details of an access that is typed in and not saved. */
export const AddedAccess = (props: AddedProps) =>
  props.row.fields ? <OpenFields {...props} /> : <TypedFacts {...props} />

const OpenFields = (props: AddedProps) => {
  const { person, view, row } = props
  const name = (key: 'type' | 'justification' | 'ends_on') => accessField(row.index, key)
  return (
    <div class="added-access">
      <h3>Details</h3>
      <LookupField
        form={view}
        name={name('type')}
        label="Access Type"
        required
        hint="Type its name, or choose it with the magnifying glass."
        lookup={paths.manageAccessSelect(person.id, name('type'))}
        formId={MANAGE_FORM}
        attrs={looked(person.id, pieceOf(row))}
      />
      <Understood {...props} />
      <Field
        form={view}
        name={name('justification')}
        label="Justification"
        kind="textarea"
        required
        rows={3}
        hint="Why the access is needed. Up to 4,000 characters; who decides reads it."
        attrs={noted(person.id)}
      />
      <Field
        form={view}
        name={name('ends_on')}
        label="Ends on"
        kind="date"
        hint="The last day it is needed; it then ends by itself. Leave it empty for an access without an end."
        suffix={row.read.asset?.time_zone}
        attrs={noted(person.id)}
      />
    </div>
  )
}

const pieceOf = (row: AddedProps['row']) => `look-accesses_${row.index}`

/** What was chosen, in words, and what has to be confirmed about it. */
const Understood = ({ person, view, row, savedIds }: AddedProps) => {
  const { read, index } = row
  const error = view.errors[accessField(index, 'type')]
  return (
    <div id={pieceOf(row)} aria-live="polite" class="understood">
      <input
        type="hidden"
        name={accessField(index, 'seen')}
        value={read.asset?.customer_id ?? read.row.seen}
        form={MANAGE_FORM}
      />
      <input type="hidden" name={accessField(index, 'ok')} value={read.row.ok} form={MANAGE_FORM} />
      {view.piece && error && <p class="field-error">{error}</p>}
      {read.type && <p class="field-note">{read.type.description}</p>}
      <NewAccount person={person} view={view} row={row} />
      {read.first && savedIds.has(read.first.id) && (
        <p>
          <a
            href={`${paths.manageAccess(person.id, { asset: read.first.asset_id, access: read.first.id })}#access-${read.first.id}`}
            {...keeping(`open ${read.first.id}`)}
          >
            Open the first one
          </a>
        </p>
      )}
      {!read.first && read.questions.length > 0 && <Question row={row} />}
    </div>
  )
}

const Question = ({ row }: Pick<AddedProps, 'row'>) => (
  <Callout
    kind={row.read.confirmed ? 'done' : 'warning'}
    title={row.read.confirmed ? 'Confirmed' : undefined}
  >
    {row.warning && <p>{row.warning}</p>}
    {row.second && (
      <p>
        It is not necessary to request access for each asset. One {row.read.type?.name} access covers all
        assets of customer {row.read.asset?.customer_id}.
      </p>
    )}
    {!row.read.confirmed && (
      <Button kind="primary" form={MANAGE_FORM} name="do" value={`ok ${row.index} ${row.read.confirms}`}>
        OK
      </Button>
    )}
  </Callout>
)

const TypedFacts = ({ row }: AddedProps) => (
  <div class="added-access">
    <h3>Details</h3>
    <Facts
      items={[
        ...(row.read.account
          ? [{ label: 'Database Account ID', value: <code>{row.read.account.name}</code> }]
          : []),
        {
          label: 'Justification',
          value: <span class="long-text">{row.read.row.justification.trim()}</span>,
          wide: true,
        },
        {
          label: 'Ends on',
          value: row.read.row.ends_on ? `${row.read.row.ends_on} ${row.read.asset?.time_zone ?? ''}` : '',
        },
      ]}
    />
    {row.read.questions.length > 0 && <Question row={row} />}
    <Button form={MANAGE_FORM} name="do" value={`edit ${row.index}`}>
      Edit<span class="visually-hidden"> {row.read.row.type}</span>
    </Button>
  </div>
)
