import { paths } from '../../src/paths.ts'
import type { Absence as OpenAbsence } from '../../src/people/absences.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'

export interface AbsenceProps {
  chrome: Chrome
  /** As typed, when there is something to correct. */
  form: FormState
  absence: OpenAbsence | undefined
  choices: readonly { id: string; display_name: string }[]
  customer: string
}

/** Who decides about access requests while a manager is away. */
export const Absence = ({ chrome, form, absence, choices, customer }: AbsenceProps) => (
  <Card title="Absence" id="absence">
    <p>
      While you are away, another manager of customer {customer} stands in for you: mails about access
      requests that nobody has decided go to them as well.
    </p>
    {absence && <Present chrome={chrome} absence={absence} />}
    {choices.length === 0 ? (
      <Callout>
        <p>
          There is no other active manager of customer {customer}. Make a user of the customer a manager
          first, on their Person Information.
        </p>
      </Callout>
    ) : (
      <StandInForm chrome={chrome} form={form} choices={choices} named={absence !== undefined} />
    )}
  </Card>
)

const Present = ({ chrome, absence }: { chrome: Chrome; absence: OpenAbsence }) => (
  <>
    <p>
      <strong>{absence.standInName}</strong> stands in for you from{' '}
      <Time at={absence.fromAt} zone={zoneOf(chrome)} look="sentence" /> until{' '}
      <Time at={absence.untilAt} zone={zoneOf(chrome)} look="sentence" />.
    </p>
    <Form chrome={chrome} action={paths.profilePart('absence')} hidden={{ act: 'end' }} look="inline">
      <Button>End absence</Button>
    </Form>
  </>
)

const StandInForm = ({
  chrome,
  form,
  choices,
  named,
}: Pick<AbsenceProps, 'chrome' | 'form' | 'choices'> & { named: boolean }) => (
  <Form chrome={chrome} action={paths.profilePart('absence')} hidden={{ act: 'name' }}>
    <Field
      form={form}
      name="stand_in_id"
      label="Stand-in"
      kind="select"
      required
      hint="Nobody stands in for decisions they have a part in themselves."
      options={choices.map(({ id, display_name }) => ({ value: id, label: `${display_name} (${id})` }))}
    />
    <Field
      form={form}
      name="from"
      label="From"
      kind="datetime-local"
      hint="Empty: from now on."
      suffix={zoneOf(chrome)}
    />
    <Field form={form} name="until" label="Until" kind="datetime-local" required suffix={zoneOf(chrome)} />
    <FormButtons>
      <Button>{named ? 'Name another stand-in' : 'Name stand-in'}</Button>
    </FormButtons>
  </Form>
)
