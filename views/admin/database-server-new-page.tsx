import type { EngineWords } from '../../src/database-accounts/engine-options.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { adminCrumbs } from './admin-crumb.ts'
import { ServerFields } from './database-server-fields.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface NewProps {
  chrome: Chrome
  form: FormState
  engines: readonly EngineWords[]
}

export const NewDatabaseServerPage = ({ chrome, form, engines }: NewProps) => (
  <Page
    chrome={chrome}
    title="New Database Server"
    crumbs={adminCrumbs.databaseServers}
    width="form"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <p class="lead">
      It is checked as soon as it is saved, and accounts are offered once a check has passed.{' '}
      <a href={paths.helpPage('setting-up-a-database-server')}>What to prepare on the server</a>
    </p>
    <Form chrome={chrome} action={paths.adminDatabaseServer('new')}>
      <Field
        form={form}
        name="name"
        label="Name"
        required
        hint="Operators know it by this name."
        attrs={{ maxlength: 60, autocomplete: 'off' }}
      />
      <Field
        form={form}
        name="engine"
        label="Kind"
        kind="select"
        required
        hint="It can’t be changed later."
        options={engines.map(({ engine, label }) => ({ value: engine, label }))}
      />
      <EngineHints engines={engines} />
      <ServerFields form={form} engines={engines} credential={null} />
      <SaveButtons cancel={paths.adminDatabaseServers()} />
    </Form>
  </Page>
)

const EngineHints = ({ engines }: Pick<NewProps, 'engines'>) => (
  <dl class="option-list">
    {engines
      .filter(({ hint }) => hint !== '')
      .map(({ label, hint }) => (
        <div>
          <dt>{label}</dt>
          <dd>{hint}</dd>
        </div>
      ))}
  </dl>
)
