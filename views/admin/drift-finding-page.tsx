import type { Finding } from '../../src/database-accounts/drift-queries.ts'
import {
  driftKinds,
  isAdoptable,
  isBeingAdopted,
  mayRemove,
} from '../../src/database-accounts/drift-words.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { ButtonForm, Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'
import { actWords } from './drift-page.tsx'

interface FindingProps {
  chrome: Chrome
  finding: Finding
  assets: readonly { id: string; description: string }[]
  form: FormState
}

export const DriftFindingPage = (props: FindingProps) => {
  const { chrome, finding, form } = props
  const doing = actWords(finding)
  return (
    <Page
      chrome={chrome}
      title={`${finding.name} on ${finding.server}`}
      crumbs={[adminCrumb, { label: 'Drift report', href: paths.adminDrift() }]}
    >
      <ErrorSummary form={form} />
      <p class="lead">{driftKinds[finding.kind].about}</p>
      <Facts
        items={[
          { label: 'Finding', value: driftKinds[finding.kind].label },
          { label: 'What was found', value: finding.detail, wide: true },
          { label: 'Found', value: <Time at={finding.found_at} zone={zoneOf(chrome)} look="full" /> },
          { label: 'Seen last', value: <Time at={finding.seen_at} zone={zoneOf(chrome)} look="full" /> },
          ...(finding.settled_at === null
            ? []
            : [{ label: 'Settled', value: finding.settled_how, wide: true }]),
        ]}
      />
      {doing && <Callout kind={finding.act_error === null ? 'info' : 'warning'}>{doing}</Callout>}
      {isBeingAdopted(finding) && <AdoptingAccess {...props} />}
      {finding.act === 'adopt' && !isBeingAdopted(finding) && finding.settled_at === null && (
        <Callout kind="warning">
          The request to give it to {finding.adopter} is {finding.adopt_status}: decide anew what becomes of
          it.
        </Callout>
      )}
      {finding.settled_at === null && !isBeingAdopted(finding) && <Acts {...props} />}
    </Page>
  )
}

const Acts = (props: FindingProps) =>
  props.finding.kind === 'ORPHAN' ? <OrphanActs {...props} /> : <AccessActs {...props} />

const AdoptingAccess = ({ finding }: FindingProps) =>
  finding.adopt_person_id && (
    <p>
      <a
        href={paths.manageAccess(finding.adopt_person_id, {
          asset: finding.adopt_asset_id ?? undefined,
          access: finding.adopt_access_id ?? undefined,
        })}
      >
        The request of {finding.adopter} on {finding.adopt_asset_id}
      </a>{' '}
      is {finding.adopt_status}.
    </p>
  )

const OrphanActs = (props: FindingProps) => (
  <>
    {isAdoptable(props.finding) && !isEnding(props.finding) && <Adopt {...props} />}
    <EndActs {...props} />
  </>
)

const isEnding = ({ act }: Finding) => act === 'disable' || act === 'drop'

const Adopt = ({ chrome, finding, assets, form }: FindingProps) => (
  <Card title="Adopt">
    <p>
      It is requested for a person; the managers of the asset’s customer decide. When they approve, it gets a
      new password.
    </p>
    <Form chrome={chrome} action={paths.adminDriftEvent(finding.id, 'adopt')}>
      <Field
        form={form}
        name="to"
        label="User"
        required
        hint="The Login ID or the code of the person who is to have it."
      />
      <Field
        form={form}
        name="asset"
        label="Asset"
        kind="select"
        required
        options={[
          { value: '', label: '' },
          ...assets.map(asset => ({ value: asset.id, label: `${asset.id} ${asset.description}` })),
        ]}
      />
      <Field form={form} name="justification" label="Justification" kind="textarea" required rows={2} />
      <FormButtons>
        <Button kind="primary">Adopt</Button>
      </FormButtons>
    </Form>
  </Card>
)

const EndActs = ({ chrome, finding }: FindingProps) => (
  <>
    <Card title="Disable">
      <p>It can’t sign in any more, and its sessions end. It stays in this report.</p>
      <Act chrome={chrome} finding={finding} event="disable" label="Disable" />
    </Card>
    <Card title="Drop">
      <p>
        It is removed from {finding.server} for good. What it owns goes to a group of the portal, which the
        audit trail then names.
      </p>
      <ButtonLink kind="danger" href={paths.adminDriftEvent(finding.id, 'drop')}>
        Drop
      </ButtonLink>
    </Card>
  </>
)

const AccessActs = ({ chrome, finding }: FindingProps) =>
  finding.person_id && finding.access_id ? (
    <Card title="The access that has it">
      <p>
        <a
          href={paths.manageAccess(finding.person_id, {
            asset: finding.asset_id ?? undefined,
            access: finding.access_id,
          })}
        >
          {finding.person} on {finding.asset_id}
        </a>
        , {finding.access_status}.{' '}
        {finding.kind === 'VANISHED' &&
          'Reset Database Password makes the account again; or remove the access.'}
      </p>
      <div class="button-row">
        {finding.access_status === 'APPROVED' && (
          <Act chrome={chrome} finding={finding} event="suspend" label="Disable" />
        )}
        {finding.access_status === 'SUSPENDED' && (
          <Act chrome={chrome} finding={finding} event="resume" label="Give back" />
        )}
        {mayRemove(finding) && (
          <ButtonLink kind="danger" href={paths.adminDriftEvent(finding.id, 'remove')}>
            Remove Access
          </ButtonLink>
        )}
      </div>
    </Card>
  ) : (
    <p>The access that had it is gone.</p>
  )

interface ActProps {
  chrome: Chrome
  finding: Finding
  event: 'disable' | 'suspend' | 'resume'
  label: string
}

const Act = ({ chrome, finding, event, label }: ActProps) => (
  <ButtonForm chrome={chrome} action={paths.adminDriftEvent(finding.id, event)}>
    <Button>{label}</Button>
  </ButtonForm>
)
