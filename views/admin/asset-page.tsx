import { assetClasses, assetStatuses, classWords } from '../../src/assets/asset-states.ts'
import type { Asset } from '../../src/assets/queries.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { type Suggested, Suggestions } from './customer-suggestions.tsx'
import { History } from './history.tsx'
import { readRows, rowName } from './row-fields.ts'
import { EnterSaves, Rows } from './rows.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface AssetFormProps {
  chrome: Chrome
  form: FormState
  customers: Suggested
  products: readonly string[]
  zones: readonly string[]
}

export const NewAssetPage = ({ chrome, form, ...suggested }: AssetFormProps) => (
  <Page chrome={chrome} title="New Asset" crumbs={adminCrumbs.assets} width="form" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminAsset('new')}>
      <EnterSaves />
      <Field
        form={form}
        name="id"
        label="Asset"
        required
        hint="An id such as 10000-DEV. It can’t be changed later."
        attrs={{ autocomplete: 'off', maxlength: 40, spellcheck: 'false' }}
      />
      <Field
        form={form}
        name="customer_id"
        label="Customer"
        required
        hint="The id of the customer it belongs to. It can be moved to another customer later."
        attrs={{ autocomplete: 'off', list: 'customer-suggestions', maxlength: 20 }}
      />
      <AssetFields form={form} {...suggested} />
      <SaveButtons cancel={paths.adminAssets()} />
    </Form>
  </Page>
)

interface AssetPageProps extends AssetFormProps {
  asset: Asset
  history: readonly HistoryEntry[]
}

export const AdminAssetPage = ({ chrome, form, asset, history, ...suggested }: AssetPageProps) => (
  <Page
    chrome={chrome}
    title={asset.id}
    crumbs={adminCrumbs.assets}
    badge={<StatusBadge status={asset.status} />}
    wrong={hasErrors(form)}
    secondary={
      <>
        <ButtonLink href={paths.asset(asset.id)}>See it as customers do</ButtonLink>
        <ButtonLink href={paths.adminAssetMove(asset.id)}>Move to another customer</ButtonLink>
        {asset.status === 'ACTIVE' && (
          <ButtonLink href={paths.adminAssetRetire(asset.id)} kind="danger">
            Retire
          </ButtonLink>
        )}
      </>
    }
    back={{ label: 'List View', href: paths.adminAssets() }}
    tabs={assetTabs(asset.id, 'asset')}
  >
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminAsset(asset.id)} hidden={{ customer_id: asset.customer_id }}>
      <EnterSaves />
      <p class="lead">
        Belongs to customer <a href={paths.adminCustomer(asset.customer_id)}>{asset.customer_id}</a>.
      </p>
      <AssetFields form={form} {...suggested} retired={asset.status === 'RETIRED'} />
      <SaveButtons />
    </Form>
    <History chrome={chrome} entries={history} />
  </Page>
)

export const assetTabs = (id: string, current: 'asset' | 'actions' | 'database' | 'storage') => [
  { label: 'Asset', href: paths.adminAsset(id), current: current === 'asset' },
  { label: 'Actions', href: paths.adminAssetActions(id), current: current === 'actions' },
  { label: 'Database', href: paths.adminAssetDatabase(id), current: current === 'database' },
  { label: 'Object storage', href: paths.adminAssetStorage(id), current: current === 'storage' },
]

interface FieldsProps extends Omit<AssetFormProps, 'chrome'> {
  /** It can be put back in use. */
  retired?: boolean
}

const AssetFields = ({ form, customers, products, zones, retired }: FieldsProps) => (
  <>
    <Field
      form={form}
      name="description"
      label="Description"
      required
      hint="What the environment is for, such as Development environment."
      attrs={{ maxlength: 200 }}
    />
    <Field
      form={form}
      name="class"
      label="Class"
      kind="radios"
      required
      options={assetClasses.map(value => ({ value, label: classWords[value], hint: classHints[value] }))}
    />
    <Field
      form={form}
      name="product"
      label="Product"
      required
      hint="Actions can be limited to some products."
      attrs={{ list: 'product-suggestions', maxlength: 100 }}
    />
    <Field
      form={form}
      name="time_zone"
      label="Time zone"
      required
      value="UTC"
      attrs={{ list: 'zone-suggestions', autocomplete: 'off', maxlength: 60 }}
    />
    <Field
      form={form}
      name="application_url"
      label="Application address"
      hint="Where people open the application. Shown as a link."
      attrs={{ inputmode: 'url', maxlength: 500 }}
    />
    <Field
      form={form}
      name="health_url"
      label="Health address"
      hint="Asked once a minute; an answer of 200 to 299 means the application is up. It must be reachable from here."
      attrs={{ inputmode: 'url', maxlength: 500 }}
    />
    {retired && (
      <Field
        form={form}
        name="status"
        label="Status"
        kind="select"
        required
        hint="ACTIVE: it is in use again. Accesses are requested anew."
        options={assetStatuses.map(value => ({ value, label: value }))}
      />
    )}
    <Variables form={form} />
    <Suggestions customers={customers} />
    <datalist id="product-suggestions">
      {products.map(product => (
        <option value={product} />
      ))}
    </datalist>
    <datalist id="zone-suggestions">
      {zones.map(zone => (
        <option value={zone} />
      ))}
    </datalist>
  </>
)

const classHints = {
  NON_PRODUCTION: 'Development, test, training.',
  PRODUCTION: 'In real use: only actions that are allowed on production are offered.',
}

const Variables = ({ form }: { form: FormState }) => (
  <Rows
    form={form}
    name="variables"
    legend="Variables"
    hint={
      <>
        Put into runbooks as <code>{'{{asset.NAME}}'}</code>. Never write a password here: runbooks refer to
        secrets by name.
      </>
    }
    prefix="variable"
    none="There is no variable."
    plain
    rows={readRows(form.values, 'variable', ['name', 'value']).map((row, i) => ({
      index: row.index,
      label: `Variable ${i + 1}`,
      fields: (
        <>
          <Field
            form={form}
            name={rowName('variable', row.index, 'name')}
            label={`Variable ${i + 1} name`}
            attrs={{ autocomplete: 'off', spellcheck: 'false', maxlength: 60 }}
          />
          <Field
            form={form}
            name={rowName('variable', row.index, 'value')}
            label={`Variable ${i + 1} value`}
            attrs={{ autocomplete: 'off', spellcheck: 'false', maxlength: 2000 }}
          />
        </>
      ),
    }))}
  />
)
