import { paths } from '../../src/paths.ts'
import { isOperator } from '../../src/policy.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Form } from '../ui/form.tsx'
import { QuestionHost } from '../ui/question.tsx'
import { CustomerList, type CustomerListProps } from './customer-list.tsx'
import { PERSON_FORM, PersonForm, type PersonFormProps, SavePerson } from './person-form.tsx'
import { PersonHistory } from './person-history.tsx'
import { PersonFrame } from './person-tabs.tsx'

interface PersonPageProps extends PersonFormProps, Omit<CustomerListProps, 'person' | 'query'> {
  /** For managers and operators; null: not shown. */
  history: Parameters<typeof PersonHistory>[0]['entries'] | null
  maySendLink: boolean
  /** One's own account. */
  mayDeactivate: boolean
  /** Somebody else saved meanwhile: what it says now, where that is something else than what was typed. */
  meanwhile: readonly { label: string; value: string }[]
}

/** Person Information. */
export const PersonPage = (props: PersonPageProps) => {
  const { chrome, viewer, person, form, rights, staged } = props
  const editable =
    rights.names ||
    rights.email ||
    rights.roles.length > 1 ||
    props.rows.some(row => rights.mayRemove(row.id))
  return (
    <PersonFrame
      chrome={chrome}
      viewer={viewer}
      person={person}
      tab="information"
      wrong={hasErrors(form)}
      action={editable && <SavePerson />}
      secondary={(props.maySendLink || props.mayDeactivate) && <Acts {...props} />}
    >
      <ErrorSummary form={form} />
      <Meanwhile {...props} />
      {person.status === 'PENDING CREATE' && <BeingCreated {...props} />}
      {person.status === 'INACTIVE' && <Inactive {...props} />}
      <PersonForm {...props} />
      {person.role === 'OPERATOR' ? (
        <Callout>
          <p>Operators see every customer and have no Customer Access List.</p>
        </Callout>
      ) : (
        <div id="field-customers">
          {form.errors.customers && <p class="field-error">{form.errors.customers}</p>}
          <CustomerList {...props} />
        </div>
      )}
      {staged.length > 0 && <Unsaved staged={staged} personId={person.id} />}
      {props.history && (
        <PersonHistory chrome={chrome} viewer={viewer} personId={person.id} entries={props.history} />
      )}
      <QuestionHost />
    </PersonFrame>
  )
}

const Acts = ({ chrome, person, maySendLink, mayDeactivate }: PersonPageProps) => (
  <>
    {maySendLink && (
      <Form chrome={chrome} action={paths.personEvent(person.id, 'sign-in-link')} look="inline">
        <Button>Send new sign-in link</Button>
      </Form>
    )}
    {mayDeactivate && (
      <ButtonLink href={paths.personEvent(person.id, 'deactivate')} kind="danger">
        Deactivate
      </ButtonLink>
    )}
  </>
)

const BeingCreated = ({ person }: PersonPageProps) => (
  <Callout>
    <p>
      {person.id} is PENDING CREATE until the background has made the person ACTIVE.{' '}
      <a href={paths.person(person.id)}>Refresh</a>
    </p>
  </Callout>
)

const Inactive = ({ viewer, person }: PersonPageProps) => (
  <Callout>
    <p>
      {person.id} is INACTIVE and can’t sign in.{' '}
      {isOperator(viewer) ? (
        <>
          Reactivate the person under <a href={paths.adminPerson(person.id)}>Administration, Persons</a>.
        </>
      ) : (
        <>
          Type the Login ID into <a href={paths.newAccess()}>New Access</a> to reactivate the person.
        </>
      )}
    </p>
  </Callout>
)

const Meanwhile = ({ meanwhile }: PersonPageProps) =>
  meanwhile.length > 0 && (
    <Callout kind="warning" title="Saved meanwhile">
      <ul>
        {meanwhile.map(({ label, value }) => (
          <li>
            {label}: {value}
          </li>
        ))}
      </ul>
      <p>The form still holds what you typed. Save again to store it instead.</p>
    </Callout>
  )

/** Stays in sight while there is something to save. */
const Unsaved = ({ staged, personId }: { staged: readonly string[]; personId: string }) => (
  <section class="unsaved" aria-label="Changes not saved">
    <p>
      {staged.length === 1 ? '1 change' : `${staged.length} changes`} not saved: access to customer{' '}
      {staged.join(', ')} is removed when you save.
    </p>
    <Button kind="primary" form={PERSON_FORM}>
      Save
    </Button>
    <ButtonLink kind="quiet" href={paths.person(personId)}>
      Discard
    </ButtonLink>
  </section>
)
