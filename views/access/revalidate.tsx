import type { DueAccess, DuePart } from '../../src/access/due-parts.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Form } from '../ui/form.tsx'
import { Time } from '../ui/time.tsx'

interface Props {
  chrome: Chrome
  person: { id: string; display_name: string }
  /** Only the persons themselves have the button. */
  own: boolean
  /** What is due; of others as far as the viewer may see it. */
  due: readonly DuePart[]
  /** Id of the page's form: what is staged in it goes along with the button, and has to be saved first. */
  form?: string
}

const mostNamed = 12

/** On Manage Access, only while it is due: each customer is confirmed by itself. */
export const RevalidateCbn = ({ due, ...props }: Props) =>
  due.length === 0 ? null : (
    <section class="revalidate" aria-label="Re-validation">
      {props.own ? <p class="revalidate-words">{words}</p> : <p class="revalidate-words">{theirs(props)}</p>}
      {due.map(part => (
        <Part {...props} part={part} />
      ))}
    </section>
  )

const words =
  'Annual validation of Continued Business Need (CBN) is required for all accesses provided through this application. Review your accesses below, remove any that are no longer required. Save your changes and press the Re-validate CBN button.'

const theirs = ({ person }: Omit<Props, 'due'>) =>
  `Annual validation of Continued Business Need (CBN) is due for ${person.display_name}. Only they can confirm that they still need their accesses.`

const Part = ({ part, own, ...props }: Omit<Props, 'due'> & { part: DuePart }) => (
  <div class="revalidate-part">
    {own && <PressIt {...props} part={part} />}
    <div class="revalidate-about">
      <p id={aboutId(part)}>
        Customer {part.customerId} {part.customerName}, due by{' '}
        <Time at={part.dueAt} zone={zoneOf(props.chrome)} look="sentence" />
      </p>
      <p class="soft">{named(part.accesses)}</p>
    </div>
  </div>
)

/** In a form of its own, or with all that the page's form holds. */
const PressIt = ({ chrome, person, part, form }: Omit<Props, 'due' | 'own'> & { part: DuePart }) => {
  const button = (
    <Button
      name="part"
      value={String(part.partId)}
      attrs={{ 'aria-describedby': aboutId(part) }}
      {...(form && { form, formaction: paths.revalidate(person.id) })}
    >
      Re-validate CBN
    </Button>
  )
  if (form) return button
  return (
    <Form chrome={chrome} action={paths.revalidate(person.id)} look="inline">
      {button}
    </Form>
  )
}

const aboutId = (part: DuePart) => `revalidate-${part.partId}`

const named = (accesses: readonly DueAccess[]): string => {
  const first = accesses.slice(0, mostNamed).map(nameOf)
  const more = accesses.length - first.length
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}

const nameOf = ({ assetId, typeName, status }: DueAccess) =>
  `${typeName} on ${assetId}${status === 'SUSPENDED' ? ' (suspended)' : ''}`
