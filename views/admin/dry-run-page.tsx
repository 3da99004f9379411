import type { Row } from '../../db/schema.ts'
import type { PlanDescription } from '../../src/automation/plan.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { duration } from '../ui/time.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { runbookTabs } from './runbook-page.tsx'

interface Props {
  chrome: Chrome
  runbook: Row<'runbooks'>
  version: number
  form: FormState
  /** Assets to choose from, as suggestions. */
  assets: readonly { id: string; description: string }[]
  /** Names of fields the runbook uses; asked for here, as the requester would be. */
  fields: readonly string[]
  /** null: no asset was chosen yet. */
  plan: PlanDescription | null
}

export const DryRunPage = ({ chrome, runbook, version, form, assets, fields, plan }: Props) => (
  <Page
    chrome={chrome}
    title={runbook.name}
    crumbs={adminCrumbs.runbooks}
    badge={<StatusBadge status={runbook.status} />}
    wrong={hasErrors(form)}
    back={{ label: 'List View', href: paths.adminRunbooks() }}
    tabs={runbookTabs(runbook.id, 'dry-run')}
  >
    <ErrorSummary form={form} />
    <h2>Dry run of version {version}</h2>
    <p>Shows what would run on an asset. Nothing is started and nothing is changed.</p>
    <form method="get" action={paths.adminRunbookDryRun(runbook.id)} class="form form-column" novalidate>
      <Field
        form={form}
        name="asset"
        label="Target Environment"
        required
        attrs={{ list: 'asset-suggestions', autocomplete: 'off', maxlength: 40 }}
      />
      {fields.map(name => (
        <Field
          form={form}
          name={`field_${name}`}
          label={`Value of field.${name}`}
          attrs={{ maxlength: 250 }}
        />
      ))}
      <datalist id="asset-suggestions">
        {assets.map(asset => (
          <option value={asset.id}>{asset.description}</option>
        ))}
      </datalist>
      <div class="form-buttons">
        <Button kind="primary">Dry run</Button>
      </div>
    </form>
    {plan && <Plan plan={plan} />}
  </Page>
)

const Plan = ({ plan }: { plan: PlanDescription }) => (
  <section aria-label="What would run">
    <h2>What would run</h2>
    {plan.problems.length > 0 ? (
      <Callout kind="failed" title="It would not start">
        <ul>
          {plan.problems.map(problem => (
            <li>{problem}</li>
          ))}
        </ul>
      </Callout>
    ) : (
      <Callout kind="done">
        <p>It would start. Secrets are named by their reference only.</p>
      </Callout>
    )}
    <Steps plan={plan} phase="main" />
    {plan.steps.some(step => step.phase === 'on-failure') && (
      <>
        <h3>Only after a failure</h3>
        <Steps plan={plan} phase="on-failure" />
      </>
    )}
  </section>
)

const Steps = ({ plan, phase }: { plan: PlanDescription; phase: 'main' | 'on-failure' }) => (
  <ol class="dry-run-steps">
    {plan.steps
      .filter(step => step.phase === phase)
      .map(step => (
        <li>
          <strong>{step.name}</strong> ({step.executor}, at most {duration(step.timeLimit * 1000)})
          {/* A frame that scrolls has to be reached by keyboard. */}
          <pre class="code-block" tabindex={0}>
            {step.lines.join('\n')}
          </pre>
        </li>
      ))}
  </ol>
)
