import type { SavedAccessRow } from '../../src/access/manage-access-rows.ts'
import { openTransferWords } from '../../src/access/open-transfer.ts'
import { editField } from '../../src/access/staged-changes.ts'
import { paths } from '../../src/paths.ts'
import { zoneOf } from '../layout/chrome.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import { AccessHistory } from './access-history.tsx'
import { DatabaseAccount } from './database-account.tsx'
import { ResetPassword } from './database-reset.tsx'
import type { ManageAccessProps } from './manage-access-page.tsx'
import { MANAGE_FORM, noted } from './manage-form.ts'

export type DetailsProps = ManageAccessProps & { row: SavedAccessRow }

/** What the twistie of a saved access opens. */
export const AccessDetails = (props: DetailsProps) => {
  const { chrome, row } = props
  return (
    <div class="access-details" id={`access-${row.access.id}`}>
      <h3>Details</h3>
      {row.editable && <JustificationField {...props} />}
      <Facts items={factsOf(props)} />
      <DatabaseAccount {...props} />
      <AccessActions {...props} />
      <h3>History</h3>
      <AccessHistory chrome={chrome} entries={row.history} />
    </div>
  )
}

const JustificationField = ({ person, view, row: { access } }: DetailsProps) => (
  <Field
    form={view}
    name={editField(access.id)}
    label="Justification"
    kind="textarea"
    required
    rows={3}
    value={access.justification}
    hint="You can change it until it is decided. Whoever changes it can’t decide about it, and it is sent for a decision again."
    attrs={noted(person.id)}
  />
)

function factsOf({ chrome, row }: DetailsProps): Fact[] {
  const { access } = row
  const zone = zoneOf(chrome)
  const time = (at: string | null) => (at ? <Time at={at} zone={zone} look="full" /> : '')
  return [
    ...when(!row.editable, 'Justification', <span class="long-text">{access.justification}</span>, true),
    { label: 'Requested by', value: row.requestedBy || 'the set-up' },
    { label: 'Requested', value: time(access.created_at) },
    ...when(access.edited_at !== null, 'Changed by', row.editedBy),
    ...when(access.edited_at !== null, 'Changed', time(access.edited_at)),
    { label: 'Ends on', value: access.ends_on ?? '' },
    ...when(access.decision !== null, 'Disposition', access.decision),
    ...when(access.decision !== null, 'Decided by', row.decidedBy || 'the portal'),
    ...when(access.decided_at !== null, 'Decided', time(access.decided_at)),
    ...when(
      access.reviewer_comments !== '',
      'Reviewer Comments',
      <span class="long-text">{access.reviewer_comments}</span>,
      true,
    ),
    ...when(access.granted_at !== null, 'Granted', time(access.granted_at)),
    ...when(
      access.suspended_at !== null && access.status === 'SUSPENDED',
      'Suspended',
      time(access.suspended_at),
    ),
    ...when(access.removed_at !== null, 'Removed', time(access.removed_at)),
    ...when(access.reason !== '', 'Reason', <span class="long-text">{access.reason}</span>, true),
  ]
}

const when = (there: boolean, label: string, value: Fact['value'], wide?: boolean): Fact[] =>
  there ? [{ label, value, ...(wide && { wide }) }] : []

/** They act at once, or ask on a page of their own; what is typed on the page goes along and is kept. */
const AccessActions = (props: DetailsProps) => {
  const {
    person,
    row: { access, may, editable, account, transfer },
  } = props
  const button = (event: 'remove' | 'withdraw' | 'retry', label: string, danger: boolean) => (
    <Button
      kind={danger ? 'danger' : 'secondary'}
      form={MANAGE_FORM}
      formaction={paths.accessEvent(person.id, access.id, event)}
    >
      {label}
    </Button>
  )
  const change = !editable && may.withdraw
  const mayReset = account?.made?.may.resetPassword === true
  if (!may.remove && !may.withdraw && !may.retry && !may.transfer && !may.log && !mayReset) return null
  return (
    <>
      <h3>Actions</h3>
      {transfer && <Callout>{openTransferWords(transfer)}</Callout>}
      <ResetPassword {...props} />
      <div class="button-row">
        {change && (
          <Button form={MANAGE_FORM} name="do" value={`change ${access.id}`}>
            Change the Justification
          </Button>
        )}
        {may.retry && button('retry', 'Retry', false)}
        {may.transfer && (
          <ButtonLink href={paths.transferAccess(person.id, access.id)}>Transfer Access</ButtonLink>
        )}
        {may.log && <ButtonLink href={paths.accessLog(access.id)}>Log</ButtonLink>}
        {may.withdraw && button('withdraw', 'Withdraw request', true)}
        {may.remove && button('remove', 'Remove Access', true)}
      </div>
    </>
  )
}
