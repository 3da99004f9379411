import { paths } from '../../src/paths.ts'
import type { Profile } from '../../src/people/profile.ts'
import { NewPasswordFields } from '../auth/new-password-fields.tsx'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Absence, type AbsenceProps } from './absence.tsx'
import { type SessionItem, Sessions } from './sessions.tsx'

interface ProfilePageProps {
  chrome: Chrome
  profile: Profile
  /** As typed, when there is something to correct. */
  preferences: FormState | null
  password: FormState
  /** Managers only. */
  absence: Omit<AbsenceProps, 'chrome'> | null
  sessions: readonly SessionItem[]
  /** The session that looks at the page. */
  present: string
  timeZones: readonly string[]
  /** Mails that can be switched off: kind → what it tells. */
  mailKinds: Readonly<Record<string, string>>
}

export const ProfilePage = (props: ProfilePageProps) => {
  const { chrome, profile, preferences, password, absence } = props
  const wrong = [preferences, password, absence?.form].some(form => form && hasErrors(form))
  return (
    <Page chrome={chrome} title="Profile" width="form" wrong={wrong}>
      {preferences && <ErrorSummary form={preferences} />}
      <ErrorSummary form={password} idPrefix={undefined} />
      {absence && <ErrorSummary form={absence.form} />}
      <Facts
        items={[
          { label: 'Login ID', value: profile.loginId },
          { label: 'First Name', value: profile.firstName },
          { label: 'Last Name', value: profile.lastName },
          { label: 'Primary Email', value: emailOf(profile) },
          { label: 'Person', value: chrome.actor?.id ?? '' },
          { label: 'Role', value: chrome.actor?.role ?? '' },
          { label: 'Customer Access List', value: customersOf(props), wide: true },
        ]}
      />
      <p>
        <a href={paths.person(chrome.actor?.id ?? '')}>Person Information</a> is where you change your name
        and Primary Email.
      </p>
      <Preferences {...props} />
      <Password {...props} />
      {absence && <Absence chrome={chrome} {...absence} />}
      <Sessions {...props} />
    </Page>
  )
}

const emailOf = ({ email, pendingEmail }: Profile) =>
  pendingEmail === null ? email : `${email} (${pendingEmail} waits for confirmation)`

const customersOf = ({ chrome, profile }: ProfilePageProps) =>
  chrome.actor?.role === 'OPERATOR' ? 'An operator sees every customer.' : profile.customers.join(', ')

const Preferences = ({ chrome, profile, preferences, timeZones, mailKinds }: ProfilePageProps) => {
  const form = preferences ?? { values: savedValues(profile, mailKinds), errors: {} }
  const zones = timeZones.includes(profile.timeZone) ? timeZones : [profile.timeZone, ...timeZones]
  return (
    <Form chrome={chrome} action={paths.profile()}>
      <Field
        form={form}
        name="time_zone"
        label="Time Zone"
        kind="select"
        hint="If you have not changed your time zone, times are UTC."
        options={zones.map(zone => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      />
      <Field
        form={form}
        name="theme"
        label="Theme"
        kind="radios"
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <Field
        form={form}
        name="shortcuts"
        label="Keyboard shortcuts"
        kind="checkbox"
        hint="Single keys that lead somewhere; Help lists them."
      />
      <FieldSet legend="Mails" hint="About service requests that you have made.">
        {Object.entries(mailKinds).map(([kind, label]) => (
          <Field form={form} name={`mail-${kind}`} label={label} kind="checkbox" />
        ))}
      </FieldSet>
      <FormButtons>
        <Button kind="primary">Save</Button>
      </FormButtons>
    </Form>
  )
}

const savedValues = (profile: Profile, mailKinds: Readonly<Record<string, string>>) => ({
  time_zone: profile.timeZone,
  theme: profile.theme,
  ...(profile.shortcuts && { shortcuts: 'yes' }),
  ...Object.fromEntries(
    Object.keys(mailKinds)
      .filter(kind => !profile.mutedMails.includes(kind))
      .map(kind => [`mail-${kind}`, 'yes']),
  ),
})

const Password = ({ chrome, password, profile }: ProfilePageProps) => (
  <Card title="Password" id="password">
    {profile.hasPassword ? (
      <Form chrome={chrome} action={paths.profilePart('password')}>
        <p>Changing it signs you out everywhere else.</p>
        <Field
          form={password}
          name="current_password"
          label="Present Password"
          kind="password"
          required
          attrs={{ autocomplete: 'current-password' }}
        />
        <NewPasswordFields form={password} />
        <FormButtons>
          <Button>Change password</Button>
        </FormButtons>
      </Form>
    ) : (
      <>
        <p>
          You sign in through your provider and have no password here. A link to set one can be mailed to you.
        </p>
        <ButtonLink href={paths.forgotten()}>Set a password</ButtonLink>
      </>
    )}
  </Card>
)
