import type { Asset, offerRows } from '../../src/assets/queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { assetTabs } from './asset-page.tsx'
import { SaveButtons } from './save-buttons.tsx'

type OfferRow = Awaited<ReturnType<typeof offerRows>>[number]

interface Props {
  chrome: Chrome
  form: FormState
  asset: Asset
  offers: readonly OfferRow[]
  runbooks: readonly { id: number; name: string; status: 'ACTIVE' | 'RETIRED' }[]
  /** Why an action can't be requested at present, by its id. */
  why: ReadonlyMap<string, string>
}

/** Which actions are offered on an asset, and what performs them. */
export const AssetActionsPage = ({ chrome, form, asset, offers, runbooks, why }: Props) => (
  <Page
    chrome={chrome}
    title={asset.id}
    crumbs={adminCrumbs.assets}
    badge={<StatusBadge status={asset.status} />}
    wrong={hasErrors(form)}
    back={{ label: 'List View', href: paths.adminAssets() }}
    tabs={assetTabs(asset.id, 'actions')}
  >
    <ErrorSummary form={form} />
    {runbooks.length === 0 && (
      <Callout kind="warning" title="There is no runbook yet">
        <p>
          An action needs a runbook that performs it. <a href={paths.adminRunbook('new')}>Write one</a> first.
        </p>
      </Callout>
    )}
    <Form chrome={chrome} action={paths.adminAssetActions(asset.id)}>
      {offers.map(offer => (
        <OfferFields
          form={form}
          offer={offer}
          asset={asset}
          runbooks={runbooks}
          why={why.get(offer.action_id)}
        />
      ))}
      <SaveButtons />
    </Form>
  </Page>
)

interface OfferProps extends Pick<Props, 'form' | 'asset' | 'runbooks'> {
  offer: OfferRow
  why: string | undefined
}

const OfferFields = ({ form, offer, asset, runbooks, why }: OfferProps) => (
  <FieldSet legend={offer.name} hint={why === undefined ? 'Offered.' : `Not offered: ${why}`}>
    <Field
      form={form}
      name={`runbook_${offer.action_id}`}
      label={`Runbook for ${offer.name}`}
      kind="select"
      options={[
        { value: '', label: 'None: not offered here' },
        ...runbooks
          .filter(runbook => runbook.status === 'ACTIVE' || runbook.id === offer.runbook_id)
          .map(runbook => ({
            value: String(runbook.id),
            label: runbook.status === 'ACTIVE' ? runbook.name : `${runbook.name} (retired)`,
          })),
      ]}
    />
    {asset.class === 'PRODUCTION' && offer.production === 'per-asset' && (
      <Field
        form={form}
        name={`production_${offer.action_id}`}
        label={`Allow ${offer.name} on this production asset`}
        kind="checkbox"
      />
    )}
  </FieldSet>
)
