import type { AccessType } from '../../src/access/access-types.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import type { runbookList } from '../../src/automation/runbook-queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { classesWords, scopeWords } from './access-type-words.ts'
import { adminCrumbs } from './admin-crumb.ts'
import { databaseTypeFacts } from './database-type-facts.tsx'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

type Runbooks = Awaited<ReturnType<typeof runbookList>>

interface NewProps {
  chrome: Chrome
  form: FormState
  runbooks: Runbooks
}

export const NewAccessTypePage = ({ chrome, form, runbooks }: NewProps) => (
  <Page
    chrome={chrome}
    title="New Access Type"
    crumbs={adminCrumbs.accessTypes}
    width="form"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <p class="lead">
      Something people request on an asset, that one runbook grants and another one removes: an account for
      file transfer, VPN or a remote desktop.
    </p>
    <Form chrome={chrome} action={paths.adminAccessType('new')}>
      <Field
        form={form}
        name="id"
        label="Id"
        required
        hint="Small letters, digits and hyphens, such as sftp-account. It can’t be changed later."
        attrs={{ autocomplete: 'off', maxlength: 40, spellcheck: 'false' }}
      />
      <WordFields form={form} />
      <RuleFields form={form} runbooks={runbooks} used={[]} />
      <SaveButtons cancel={paths.adminAccessTypes()} />
    </Form>
  </Page>
)

interface TypeProps extends NewProps {
  type: AccessType
  /** Names the state it was drawn with. */
  seen: string
  /** Accesses and requests that have not ended. */
  open: number
  history: readonly HistoryEntry[]
}

export const AccessTypePage = ({ chrome, form, runbooks, type, seen, open, history }: TypeProps) => (
  <Page
    chrome={chrome}
    title={type.name}
    crumbs={adminCrumbs.accessTypes}
    badge={<StatusBadge status={type.status} />}
    wrong={hasErrors(form)}
    secondary={<Acts chrome={chrome} type={type} />}
  >
    <ErrorSummary form={form} />
    <Facts
      items={[
        { label: 'Id', value: <code>{type.id}</code> },
        { label: 'Open accesses and requests', value: open },
        ...(type.kind === 'runbook' ? [] : builtInFacts(type)),
      ]}
    />
    <Form chrome={chrome} action={paths.adminAccessType(type.id)} hidden={{ seen }}>
      <WordFields form={form} />
      {type.kind === 'runbook' && (
        <RuleFields form={form} runbooks={runbooks} used={[type.grant_runbook_id, type.removal_runbook_id]} />
      )}
      <SaveButtons />
    </Form>
    <History chrome={chrome} entries={history} />
  </Page>
)

const builtInFacts = (type: AccessType) => [
  { label: 'Covers', value: scopeWords[type.scope] },
  { label: 'Offered on', value: classesWords[type.classes] },
  { label: 'Granted and removed by', value: 'the portal itself' },
  ...databaseTypeFacts(type),
]

const Acts = ({ chrome, type }: { chrome: Chrome; type: AccessType }) =>
  type.status === 'ACTIVE' ? (
    <ButtonLink href={paths.adminAccessTypeEvent(type.id, 'withdraw')} kind="danger">
      Withdraw
    </ButtonLink>
  ) : (
    <Form chrome={chrome} action={paths.adminAccessTypeEvent(type.id, 'offer')} look="inline">
      <Button>Offer again</Button>
    </Form>
  )

const WordFields = ({ form }: { form: FormState }) => (
  <>
    <Field form={form} name="name" label="Name" required attrs={{ maxlength: 100 }} />
    <Field
      form={form}
      name="description"
      label="Description"
      hint="Shown where the access type is chosen, and on each access."
      attrs={{ maxlength: 500 }}
    />
    <Field
      form={form}
      name="aliases"
      label="Other spellings"
      hint="Also found by these, separated by commas."
    />
    <Field
      form={form}
      name="warning"
      label="Warning to confirm"
      kind="textarea"
      rows={3}
      hint={
        <>
          Asked when somebody requests it; <code>{'{{asset}}'}</code> stands for the asset. Empty: nothing is
          asked.
        </>
      }
      attrs={{ maxlength: 2000 }}
    />
    <Field
      form={form}
      name="sort"
      label="Order"
      kind="number"
      value="100"
      hint="Access types with a smaller number come first."
      attrs={{ min: 0, max: 100000 }}
    />
  </>
)

interface RuleProps {
  form: FormState
  runbooks: Runbooks
  /** Stay choosable although they are retired. */
  used: readonly (number | null)[]
}

const RuleFields = ({ form, runbooks, used }: RuleProps) => {
  const options = runbooks
    .filter(runbook => runbook.status === 'ACTIVE' || used.includes(runbook.id))
    .map(({ id, name, status }) => ({
      value: String(id),
      label: status === 'RETIRED' ? `${name} (RETIRED)` : name,
    }))
  return (
    <>
      <Field
        form={form}
        name="scope"
        label="One access covers"
        kind="radios"
        required
        options={[
          { value: 'asset', label: 'One asset', hint: 'It is requested for each asset.' },
          {
            value: 'customer',
            label: 'All assets of the customer',
            hint: 'It is not necessary to request access for each asset.',
          },
        ]}
      />
      <Field
        form={form}
        name="classes"
        label="Offered on"
        kind="select"
        required
        options={[
          { value: 'any', label: 'all assets' },
          { value: 'NON_PRODUCTION', label: 'non-production assets only' },
          { value: 'PRODUCTION', label: 'production assets only' },
        ]}
      />
      <Field
        form={form}
        name="products"
        label="Products"
        hint="Offered on assets of these products only, separated by commas. Empty: on all."
      />
      <Field
        form={form}
        name="grant_runbook_id"
        label="Runbook that grants it"
        kind="select"
        required
        hint={runbookHint}
        options={options}
      />
      <Field
        form={form}
        name="removal_runbook_id"
        label="Runbook that removes it"
        kind="select"
        required
        hint="It must end well, too, when there is nothing to remove (any more)."
        options={options}
      />
    </>
  )
}

const runbookHint = (
  <>
    It knows <code>{'{{access.…}}'}</code> and <code>{'{{person.…}}'}</code>. The access counts as granted
    only when it has ended well.
  </>
)
