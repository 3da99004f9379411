import type { Row } from '../../db/schema.ts'
import { isBeingWorkedOn } from '../../src/access/access-tasks.ts'
import type { DuePart } from '../../src/access/due-parts.ts'
import type { ManageQuery } from '../../src/access/manage-access-query.ts'
import type { ManageAccessView } from '../../src/access/manage-access-view.ts'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Facts } from '../ui/facts.tsx'
import { fieldId } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { SelectValueHost } from '../ui/select-value.tsx'
import { AccessesTable } from './accesses-table.tsx'
import { AssetsTable } from './assets-table.tsx'
import { keeping, MANAGE_FORM } from './manage-form.ts'
import { PersonFrame } from './person-tabs.tsx'
import { RevalidateCbn } from './revalidate.tsx'

export interface ManageAccessProps {
  chrome: Chrome
  viewer: Actor
  person: Row<'persons'>
  query: ManageQuery
  view: ManageAccessView
  /** Accesses that the viewer may open here. */
  savedIds: ReadonlySet<number>
  /** Of this drawing, and of the form that kept what is staged. */
  keys: { key: string; seen: string }
  /** Why nothing can be requested for this person now. */
  notNow: string | null
  /** What has to be re-validated. */
  due: readonly DuePart[]
}

/** Manage Access: assets, accesses on the selected one, and what is staged. */
export const ManageAccessPage = (props: ManageAccessProps) => {
  const { chrome, viewer, person, query, view } = props
  return (
    <PersonFrame
      chrome={chrome}
      viewer={viewer}
      person={person}
      tab="access"
      wrong={Object.keys(view.errors).length > 0}
      action={<Save />}
    >
      <Problems {...props} />
      <LeftOut left={view.left} />
      <Facts
        items={[
          { label: 'Login ID', value: person.login_id },
          { label: 'Person', value: person.id },
        ]}
      />
      {props.notNow && (
        <Callout kind="warning">
          <p>{props.notNow}</p>
        </Callout>
      )}
      <RevalidateCbn
        chrome={chrome}
        person={person}
        own={viewer.id === person.id}
        due={props.due}
        form={MANAGE_FORM}
      />
      <Form
        chrome={chrome}
        id={MANAGE_FORM}
        action={paths.manageAccess(person.id, query)}
        hidden={{
          ...view.hidden,
          selected: view.selected,
          form_key: props.keys.key,
          seen_draft: props.keys.seen,
          form_page: paths.manageAccess(person.id, query),
        }}
      />
      <AssetsTable {...props} />
      {isTypedInto(props) && <KeepTyped />}
      <UnderWay {...props} />
      <AccessesTable {...props} />
      {view.count > 0 && <Unsaved {...props} />}
      <SelectValueHost />
    </PersonFrame>
  )
}

const isTypedInto = ({ view: { assets, accesses } }: ManageAccessProps) =>
  assets.rows.some(row => row.open) ||
  accesses.rows.some(row => (row.kind === 'added' ? row.fields : row.editable))

/** Links take along what is typed only where scripts run. */
const KeepTyped = () => (
  <noscript>
    <p class="field-hint">
      What you are just typing goes along with every button, but not with links: press Keep before you select
      another asset.{' '}
      <Button kind="quiet" form={MANAGE_FORM} name="do" value="keep">
        Keep
      </Button>
    </p>
  </noscript>
)

/** What the background is doing shows when the page is loaded again. */
const UnderWay = ({ person, query, view }: ManageAccessProps) => {
  const names = view.accesses.rows.flatMap(row =>
    row.kind === 'saved' && isBeingWorkedOn(row.access) ? [row.access.type_name] : [],
  )
  if (names.length === 0) return null
  const asked = { ...query, ...(view.selected && { asset: view.selected }) }
  return (
    <Callout>
      <p>
        The portal is working on {names.join(', ')} on {view.selected}; the Status changes by itself.{' '}
        <a href={paths.manageAccess(person.id, asked)} {...keeping('refresh')}>
          Refresh
        </a>
      </p>
    </Callout>
  )
}

/** In the head of the page, before everything else that could be pressed: Enter in a field means Save. */
const Save = () => (
  <Button kind="primary" form={MANAGE_FORM} name="do" value="save">
    Save
  </Button>
)

/** What is wrong, with the way to each field, also on another asset. */
const Problems = ({ view: { errors, elsewhere } }: ManageAccessProps) => {
  const all = Object.entries(errors)
  if (all.length === 0) return null
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-error-summary>
      <h2>There is a problem</h2>
      <ul>
        {all.map(([name, message]) => (
          <li>{name === '' ? message : <a href={elsewhere[name] ?? `#${fieldId(name)}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  )
}

const LeftOut = ({ left }: { left: readonly string[] }) =>
  left.length > 0 && (
    <Callout kind="warning" title="Something has changed since you staged your changes">
      <ul>
        {left.map(text => (
          <li>{text}</li>
        ))}
      </ul>
    </Callout>
  )

/** Stays in sight while there is something to save. */
const Unsaved = ({ person, query, view }: ManageAccessProps) => (
  <section class="unsaved" aria-label="Changes not saved">
    <p>{view.count === 1 ? '1 change not saved' : `${view.count} changes not saved`}</p>
    <Button kind="primary" form={MANAGE_FORM} name="do" value="save">
      Save
    </Button>
    <Button
      kind="quiet"
      form={MANAGE_FORM}
      formaction={`${paths.discardAccessDraft(person.id)}${discardQuery(query)}`}
    >
      Discard
    </Button>
  </section>
)

const discardQuery = ({ asset }: ManageQuery) => (asset ? `?${new URLSearchParams({ asset })}` : '')
