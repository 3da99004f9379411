import type { Asset } from '../../src/assets/queries.ts'
import type { TryLine } from '../../src/files/try-store.ts'
import { paths } from '../../src/paths.ts'
import { adminCrumbs } from '../admin/admin-crumb.ts'
import { assetTabs } from '../admin/asset-page.tsx'
import { EnterSaves } from '../admin/rows.tsx'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge, StatusMark } from '../ui/status-badge.tsx'
import { typedExactly } from '../ui/typed-exactly.ts'
import { BucketFields } from './bucket-fields.tsx'
import { storeWords } from './folder-page.tsx'

interface Props {
  chrome: Chrome
  asset: Asset
  store: 'files' | 'logs'
  form: FormState
  /** The portal's own folder. */
  ownRoot: string
  hasKey: boolean
  /** Of the configuration, in MiB. */
  uploadLimit: number
  /** What came of Try it. */
  tried: readonly TryLine[]
  /** A secret access key was sent with the form; it is not sent back. */
  keyTyped: boolean
}

/** Where the files or the logs of an asset are kept. For operators. */
export const StoragePage = (props: Props) => {
  const { chrome, asset, store, form, tried } = props
  const other = store === 'files' ? 'logs' : 'files'
  return (
    <Page
      chrome={chrome}
      title={asset.id}
      crumbs={adminCrumbs.assets}
      badge={<StatusBadge status={asset.status} />}
      wrong={hasErrors(form)}
      back={{ label: 'List View', href: paths.adminAssets() }}
      tabs={assetTabs(asset.id, 'storage')}
      secondary={
        <>
          <ButtonLink href={paths.adminAssetStorage(asset.id, { store: other })}>
            Set up the {other} instead
          </ButtonLink>
          <ButtonLink href={paths.store(asset.id, store)}>Look into the {store}</ButtonLink>
          <ButtonLink href={paths.adminAudit({ about: 'asset-store', record: `${asset.id}/${store}` })}>
            Who did what there
          </ButtonLink>
        </>
      }
    >
      <ErrorSummary form={form} />
      <h2>
        {storeWords[store]} of {asset.id}
      </h2>
      {tried.length > 0 && <Tried lines={tried} keyTyped={props.keyTyped} />}
      <Form
        chrome={chrome}
        action={paths.adminAssetStorage(asset.id, { store })}
        hidden={{ version: form.values.version ?? '0' }}
      >
        <EnterSaves />
        <StorageFields {...props} />
        <FormButtons>
          <Button kind="primary">Save</Button>
          <Button name="do" value="try">
            Try it
          </Button>
        </FormButtons>
      </Form>
    </Page>
  )
}

const Tried = ({ lines, keyTyped }: { lines: readonly TryLine[]; keyTyped: boolean }) => (
  <Callout
    kind={lines.some(line => line.level === 'failed') ? 'failed' : 'done'}
    title={lines.some(line => line.level === 'failed') ? 'It does not work' : 'It works'}
    live
  >
    <ul class="tried">
      {lines.map(({ level, says }) => (
        <li>
          <StatusMark look={looks[level]} word={words[level]} /> {says}
        </li>
      ))}
    </ul>
    <p>
      What was typed was tried. Nothing was saved.
      {keyTyped && ' Type the secret access key once more before you save: it is never sent back.'}
    </p>
  </Callout>
)

const looks = { ok: 'done', warning: 'warning', failed: 'failed' } as const
const words = { ok: 'passed', warning: 'warning', failed: 'failed' } as const

const StorageFields = (props: Props) => {
  const { form, asset, store, uploadLimit } = props
  return (
    <>
      <Field
        form={form}
        name="enabled"
        label="Offered"
        kind="checkbox"
        hint={`${store === 'files' ? 'Object Storage File Access' : 'Object Storage Log Access'} can be requested on ${asset.id}, and those who hold it get in.`}
      />
      <Field
        form={form}
        name="kind"
        label="Kept in"
        kind="radios"
        required
        options={[
          {
            value: 'local',
            label: 'Local folder',
            hint: 'Of this machine, or of a disk that all nodes of the portal share.',
          },
          { value: 's3', label: 'S3 bucket', hint: 'Of any object store with that interface.' },
        ]}
        hint="What is in the former place stays there and is not shown any more."
      />
      <FieldSet legend="Local folder" hint="Only where the folder is the place.">
        <Field
          form={form}
          name="root"
          label="Folder"
          hint={
            <>
              Its whole path. Empty: the portal’s own, <code>{props.ownRoot}</code>. Links in it are not
              followed.
            </>
          }
          attrs={typedExactly(1000)}
        />
      </FieldSet>
      <BucketFields form={form} hasKey={props.hasKey} />
      <Field
        form={form}
        name="retention_days"
        label="Days kept"
        hint="After the last change; then they are deleted. Empty: for ever."
        attrs={{ inputmode: 'numeric', maxlength: 5 }}
      />
      {store === 'files' && (
        <Field
          form={form}
          name="upload_limit_mib"
          label="Largest upload in MiB"
          hint={`Empty: as much as the portal allows, ${uploadLimit} MiB.`}
          attrs={{ inputmode: 'numeric', maxlength: 7 }}
        />
      )}
    </>
  )
}
