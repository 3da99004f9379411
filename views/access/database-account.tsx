import type { MadeAccount } from '../../src/database-accounts/account-view.ts'
import { zoneOf } from '../layout/chrome.ts'
import { addressWords } from '../ui/address-words.ts'
import { Callout } from '../ui/callout.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import type { DetailsProps } from './access-details.tsx'
import { ShowSecrets } from './database-secrets.tsx'

/** What there is to know about the database account of an access. */
export const DatabaseAccount = (props: DetailsProps) => {
  const { row, chrome } = props
  if (row.account === null) return null
  const { name, made } = row.account
  return (
    <>
      <h3>Database Account Configuration</h3>
      <Facts
        items={[
          { label: 'Database Account ID', value: <code>{name}</code> },
          ...(made ? madeFacts(made, zoneOf(chrome)) : []),
        ]}
      />
      {made ? <Made {...props} made={made} /> : <NotMade {...props} />}
    </>
  )
}

const NotMade = ({ row: { access } }: DetailsProps) =>
  access.status === 'PROCESSING' && (
    <p class="field-hint">
      Host, database, password and SSL certificate stand here when the request has been approved and the
      account has been created.
    </p>
  )

const madeFacts = (made: MadeAccount, zone: string): Fact[] => [
  {
    label: 'Database Account Password Expiration Date',
    value: made.expiresAt ? <Time at={made.expiresAt} zone={zone} look="full" /> : '',
  },
  { label: 'Host', value: <code>{made.host}</code> },
  { label: 'Port', value: <code>{made.port}</code> },
  { label: 'Database', value: <code>{made.database}</code> },
  {
    label: 'Rights',
    value: `${made.readOnly ? 'read only' : 'read and write'}, on the ${made.target} database server`,
  },
]

const Made = (props: DetailsProps & { made: MadeAccount }) => (
  <>
    <Underway {...props} />
    <ConnectionStrings {...props} />
    <ShowSecrets {...props} />
  </>
)

/** The one that is shown is good until the new one is proven. */
const Underway = ({ chrome, made: { change, state, hasPassword } }: DetailsProps & { made: MadeAccount }) => {
  if (change && change.reason !== 'create' && hasPassword)
    return (
      <Callout>
        <p>
          A new password is on its way since{' '}
          <Time at={change.begunAt} zone={zoneOf(chrome)} look="sentence" />. Until it is proven to work, the
          one shown here stays.
        </p>
      </Callout>
    )
  if (state !== 'UNPROVABLE') return null
  return (
    <Callout kind="warning">
      <p>
        The database server does not take this password any more because of its age. It will be reset by
        itself; you can also reset it now.
      </p>
    </Callout>
  )
}

const ConnectionStrings = ({ row: { access }, made }: DetailsProps & { made: MadeAccount }) => {
  const rows = [
    ...made.connectionStrings,
    { label: 'Host and port', text: addressWords(made.host, made.port) },
  ]
  return (
    <ul class="connection-strings" aria-label="Connection strings">
      {rows.map(({ label, text }, i) => (
        <li>
          <span class="soft">{label}</span>
          <code id={`connection-${access.id}-${i}`}>{text}</code>
          <CopyButton from={`connection-${access.id}-${i}`} label={`Copy ${label}`} />
        </li>
      ))}
    </ul>
  )
}
