import {
  accountAct,
  showCertificateField,
  showPasswordField,
} from '../../src/database-accounts/account-fields.ts'
import type { MadeAccount } from '../../src/database-accounts/account-view.ts'
import { paths } from '../../src/paths.ts'
import { zoneOf } from '../layout/chrome.ts'
import type { Attrs } from '../ui/attrs.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field, typedValue } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Time } from '../ui/time.tsx'
import type { DetailsProps } from './access-details.tsx'
import { MANAGE_FORM } from './manage-form.ts'

type SecretsProps = DetailsProps & { made: MadeAccount }

/** Password and certificate: hidden, until their owner asks for them. */
export const ShowSecrets = (props: SecretsProps) => {
  const { person, view, row, made } = props
  if (!made.may.show) return <Password {...props} />
  const { id } = row.access
  const tick = (what: 'show-password' | 'show-certificate', piece: string): Attrs => ({
    form: MANAGE_FORM,
    autocomplete: 'off',
    'hx-post': paths.showAccount(person.id, id),
    'hx-vals': JSON.stringify({ do: accountAct(what, id) }),
    'hx-trigger': 'change',
    'hx-target': `#${piece}`,
    'hx-select': `#${piece}`,
    'hx-swap': 'outerHTML',
    'hx-sync': `#${piece}:replace`,
    'data-press': showButton(id),
  })
  return (
    <>
      <Password {...props} />
      <Field
        form={{ values: view.values, errors: {} }}
        name={showPasswordField(id)}
        label="Show Database Password?"
        kind="checkbox"
        attrs={tick('show-password', passwordPiece(id))}
      />
      <Certificate {...props} />
      <Field
        form={{ values: view.values, errors: {} }}
        name={showCertificateField(id)}
        label="Show Database SSL Certificate?"
        kind="checkbox"
        attrs={tick('show-certificate', certificatePiece(id))}
      />
      <ShowButton {...props} />
    </>
  )
}

/** Where scripts run a tick is enough, unless it came back with a form: looking at a page shows nothing. */
const ShowButton = ({ person, view, row: { access }, made }: SecretsProps) => {
  const { id } = access
  const ticked = (name: string) => typedValue({ form: view, name }) === 'yes'
  const waits =
    (ticked(showPasswordField(id)) && !made.asked?.password) ||
    (ticked(showCertificateField(id)) && !made.asked?.certificate)
  return (
    <p>
      <Button
        form={MANAGE_FORM}
        formaction={paths.showAccount(person.id, id)}
        name="do"
        value={accountAct('show', id)}
        attrs={{ id: showButton(id), ...(!waits && { 'data-without-scripts': true }) }}
      >
        Show
      </Button>
    </p>
  )
}

const showButton = (id: number) => `show-of-${id}`
const passwordPiece = (id: number) => `password-of-${id}`
const certificatePiece = (id: number) => `certificate-of-${id}`

const Password = ({ person, view, row: { access }, made }: SecretsProps) => {
  const password = made.asked?.password
  const shown = `database-password-${access.id}`
  return (
    <div id={passwordPiece(access.id)} class="account-secret">
      <Wrong message={view.errors[showPasswordField(access.id)]} />
      <p class="field-label">
        {password ? <label for={shown}>Database Password</label> : 'Database Password'}
      </p>
      {password ? (
        <p class="secret-line">
          <output id={shown} class="secret-text">
            {password.expose()}
          </output>
          <CopyButton from={shown} label="Copy Database Password" />
        </p>
      ) : (
        <p>
          <span aria-hidden="true">••••••••••</span>
          <span class="visually-hidden">hidden</span>
        </p>
      )}
      {!made.may.show && made.hasPassword && access.status === 'APPROVED' && (
        <p class="field-hint">Only {person.display_name} can show it.</p>
      )}
      {access.status === 'SUSPENDED' && (
        <p class="field-hint">
          {access.pending_status === null
            ? 'The account can’t sign in until the access is APPROVED again.'
            : 'The account is being locked or given back. Until that is done it may be able to sign in.'}
        </p>
      )}
    </div>
  )
}

const Certificate = (props: SecretsProps) => {
  const { view, row, made, chrome } = props
  const { id } = row.access
  const { known, at, expiresAt, error } = made.certificate
  const zone = zoneOf(chrome)
  return (
    <div id={certificatePiece(id)} class="account-secret">
      <Wrong message={view.errors[showCertificateField(id)]} />
      {made.asked?.certificate && <CertificateText {...props} pem={made.asked.certificate} />}
      {known && (
        <p class="field-hint">
          SSL certificate: verified <Time at={at} zone={zone} look="sentence" />
          {expiresAt && (
            <>
              , good until <Time at={expiresAt} zone={zone} look="sentence" />
            </>
          )}
          .
        </p>
      )}
      {error && (
        <p class="field-hint">
          The last look at the server’s certificate was not believed, so it replaces nothing; the operators
          know. {error}
        </p>
      )}
    </div>
  )
}

/** As the connection strings call it. */
const certificateFile = 'gatehouse-ca.pem'

const CertificateText = ({ row: { access }, pem }: SecretsProps & { pem: string }) => {
  const shown = `database-certificate-${access.id}`
  return (
    <div class="field">
      <p class="field-label">
        <label for={shown}>Database SSL Certificate</label>
      </p>
      <textarea id={shown} class="code" rows={6} readonly spellcheck={false}>
        {pem}
      </textarea>
      <p class="secret-line">
        <CopyButton from={shown} label="Copy Database SSL Certificate" />
        <a
          class="button button-quiet"
          href={`data:application/x-pem-file,${encodeURIComponent(pem)}`}
          download={certificateFile}
        >
          <Icon name="download" />
          Download Database SSL Certificate
        </a>
      </p>
    </div>
  )
}

const Wrong = ({ message }: { message: string | undefined }) =>
  message ? <p class="field-error">{message}</p> : null
