import type { Row } from '../../db/schema.ts'
import type { typesOfRunbook } from '../../src/access/access-type-uses.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import type { usesOfRunbook } from '../../src/automation/runbook-queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Twistie } from '../ui/twistie.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

export const NewRunbookPage = ({ chrome, form }: { chrome: Chrome; form: FormState }) => (
  <Page chrome={chrome} title="New Runbook" crumbs={adminCrumbs.runbooks} wrong={hasErrors(form)}>
    <ErrorSummary form={summaryOf(form)} />
    <Form chrome={chrome} action={paths.adminRunbook('new')}>
      <RunbookFields form={form} />
      <SaveButtons cancel={paths.adminRunbooks()} />
    </Form>
  </Page>
)

interface RunbookPageProps {
  chrome: Chrome
  form: FormState
  runbook: Row<'runbooks'>
  version: number
  uses: Awaited<ReturnType<typeof usesOfRunbook>>
  types: Awaited<ReturnType<typeof typesOfRunbook>>
  history: readonly HistoryEntry[]
}

export const RunbookPage = ({ chrome, form, runbook, version, uses, types, history }: RunbookPageProps) => (
  <Page
    chrome={chrome}
    title={runbook.name}
    crumbs={adminCrumbs.runbooks}
    badge={<StatusBadge status={runbook.status} />}
    wrong={hasErrors(form)}
    secondary={<Acts chrome={chrome} runbook={runbook} />}
    back={{ label: 'List View', href: paths.adminRunbooks() }}
    tabs={runbookTabs(runbook.id, 'runbook')}
  >
    <ErrorSummary form={summaryOf(form)} />
    <Form chrome={chrome} action={paths.adminRunbook(runbook.id)} hidden={{ seen_version: version }}>
      <RunbookFields form={form} version={version} />
      <SaveButtons />
    </Form>
    <Uses uses={uses} />
    {types.length > 0 && <UsedForAccess types={types} />}
    <History chrome={chrome} entries={history} />
  </Page>
)

export const runbookTabs = (id: number, current: 'runbook' | 'versions' | 'dry-run') => [
  { label: 'Runbook', href: paths.adminRunbook(id), current: current === 'runbook' },
  { label: 'Versions', href: paths.adminRunbookVersions(id), current: current === 'versions' },
  { label: 'Dry run', href: paths.adminRunbookDryRun(id), current: current === 'dry-run' },
]

const Acts = ({ chrome, runbook }: Pick<RunbookPageProps, 'chrome' | 'runbook'>) =>
  runbook.status === 'ACTIVE' ? (
    <ButtonLink href={paths.adminRunbookEvent(runbook.id, 'retire')} kind="danger">
      Retire
    </ButtonLink>
  ) : (
    <Form chrome={chrome} action={paths.adminRunbookEvent(runbook.id, 'use')} look="inline">
      <Button>Put back in use</Button>
    </Form>
  )

const RunbookFields = ({ form, version }: { form: FormState; version?: number }) => (
  <>
    <Field form={form} name="name" label="Name" required attrs={{ maxlength: 100 }} />
    <Field
      form={form}
      name="description"
      label="Description"
      kind="textarea"
      rows={2}
      attrs={{ maxlength: 500 }}
    />
    <Problems form={form} />
    <Field
      form={summaryOf(form)}
      name="definition"
      label="Definition"
      kind="textarea"
      rows={24}
      required
      hint={
        version === undefined
          ? 'JSON, as shown below.'
          : `JSON. A changed one is saved as version ${version + 1}.`
      }
      attrs={{ spellcheck: 'false', class: 'code', wrap: 'off' }}
    />
    <HowToWrite />
  </>
)

const problemsOf = (form: FormState) => (form.errors.definition ?? '').split('\n').filter(line => line !== '')

/** Several mistakes in one text are one error of the form; the list stands above the text. */
const summaryOf = (form: FormState): FormState => {
  const problems = problemsOf(form)
  if (problems.length < 2) return form
  return {
    ...form,
    errors: {
      ...form.errors,
      definition: `The definition has ${problems.length} mistakes, listed above it.`,
    },
  }
}

const Problems = ({ form }: { form: FormState }) => {
  const problems = problemsOf(form)
  return problems.length < 2 ? null : (
    <ul class="field-error runbook-problems">
      {problems.map(problem => (
        <li>{problem}</li>
      ))}
    </ul>
  )
}

const UsedForAccess = ({ types }: Pick<RunbookPageProps, 'types'>) => (
  <Card title="Access types it grants or removes">
    <ul class="plain-list">
      {types.map(type => (
        <li>
          <a href={paths.adminAccessType(type.id)}>{type.name}</a>
        </li>
      ))}
    </ul>
  </Card>
)

const Uses = ({ uses }: Pick<RunbookPageProps, 'uses'>) => (
  <Card title="Used on">
    {uses.length === 0 ? (
      <p>
        No asset uses it yet. Choose it under <a href={paths.adminAssets()}>Assets</a>, on the tab Actions.
      </p>
    ) : (
      <ul class="plain-list">
        {uses.map(use => (
          <li>
            <a href={paths.adminAssetActions(use.asset_id)}>{use.asset_id}</a>: {use.action_name}
          </li>
        ))}
      </ul>
    )}
  </Card>
)

const HowToWrite = () => (
  <Twistie summary="How a runbook is written">
    <p>
      <code>steps</code> run one after the other. When one fails, the rest are left out and the steps of{' '}
      <code>onFailure</code> run. <code>safeToRepeat</code> says that running it again after a crash does no
      harm.
    </p>
    <p>
      Every step has a <code>name</code>, an <code>executor</code> and a <code>timeLimit</code> in seconds
      (600 if left out).
    </p>
    <ul>
      <li>
        <code>command</code> runs a program: <code>argv</code> is the program and its arguments, one text
        each. There is no shell.
      </li>
      <li>
        <code>process</code> looks after a program that goes on running: <code>operation</code> start, stop,
        restart or check; <code>process</code> its name; <code>argv</code>; <code>output</code> the file its
        own output goes to; <code>healthUrl</code>; <code>stopWait</code> in seconds.
      </li>
    </ul>
    <p>
      Both take <code>folder</code> and <code>env</code>. A value of <code>env</code> can be{' '}
      <code>{'{ "secret": "env:GATEHOUSE_SECRET_NAME" }'}</code> or{' '}
      <code>{'{ "secret": "file:/path" }'}</code>: passwords are referred to, never written here.
    </p>
    <p>
      <code>{'{{asset.id}}'}</code>, <code>{'{{asset.NAME}}'}</code> (a variable of the asset),{' '}
      <code>{'{{request.id}}'}</code>, <code>{'{{request.summary}}'}</code> and{' '}
      <code>{'{{field.NAME}}'}</code> are replaced inside one argument and never split it. Runbooks that grant
      or remove an access know <code>{'{{access.id}}'}</code>, <code>{'{{access.justification}}'}</code>,{' '}
      <code>{'{{person.id}}'}</code>, <code>{'{{person.login_id}}'}</code>,{' '}
      <code>{'{{person.first_name}}'}</code>, <code>{'{{person.last_name}}'}</code> and{' '}
      <code>{'{{person.email}}'}</code> instead of those of requests.
    </p>
  </Twistie>
)
