import type { Instant } from '../../db/schema.ts'
import type { Day, Month } from '../../src/admin/expiry-month.ts'
import type { EndingCertificate } from '../../src/admin/expiry-queries.ts'
import { months, weekdays } from '../../src/calendar-words.ts'
import { paths } from '../../src/paths.ts'
import type { TableQuery } from '../ui/data-table.tsx'
import { Icon } from '../ui/icon.tsx'

export interface ExpiryDays {
  /** How many end when, by day. */
  passwords: ReadonlyMap<string, readonly { expires_at: Instant; count: number }[]>
  certificatesByDay: ReadonlyMap<string, readonly EndingCertificate[]>
}

interface Props extends ExpiryDays {
  month: Month
  /** "March 2026" */
  name: string
  day: Day | null
  query: TableQuery
}

/** Monday first, as calendars in most of the world begin. */
const headings = [1, 2, 3, 4, 5, 6, 0].map(day => weekdays[day] ?? '')

export const ExpiryCalendar = (props: Props) => (
  <section class="calendar" aria-labelledby="calendar-title">
    <div class="calendar-head">
      <h2 id="calendar-title">{props.name}</h2>
      <nav aria-label="Months">
        <Step query={props.query} month={props.month.previous} icon="previous" words="Previous month" />
        <Step query={props.query} month={props.month.next} icon="next" words="Next month" />
      </nav>
    </div>
    <table class="calendar-table" aria-labelledby="calendar-title">
      <thead>
        <tr>
          {headings.map(heading => (
            <th scope="col">
              <abbr title={heading}>
                <span class="calendar-wide">{heading}</span>
                <span class="calendar-narrow">{heading.slice(0, 2)}</span>
              </abbr>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(props.month.days).map(week => (
          <tr>
            {week.map(day =>
              day === null ? <td class="calendar-none" /> : <DayCell {...props} shown={day} />,
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

interface StepProps {
  query: TableQuery
  month: string
  icon: 'previous' | 'next'
  words: string
}

const Step = ({ query, month, icon, words }: StepProps) => (
  <a
    class="button button-quiet"
    rel={icon === 'previous' ? 'prev' : 'next'}
    href={paths.adminExpiry({ customer: query.customer, asset: query.asset, month })}
  >
    <Icon name={icon} />
    {words}
  </a>
)

const DayCell = ({ shown, day, month, query, passwords, certificatesByDay }: Props & { shown: Day }) => {
  const ending = (passwords.get(shown.word) ?? []).reduce((sum, { count }) => sum + count, 0)
  const certificates = certificatesByDay.get(shown.word)?.length ?? 0
  const number = <span class="calendar-number">{shown.number}</span>
  const today = month.today === shown.word
  return (
    <td
      class={[today ? 'calendar-today' : '', day?.word === shown.word ? 'calendar-chosen' : '']
        .join(' ')
        .trim()}
      aria-current={today ? 'date' : undefined}
    >
      {ending + certificates === 0 ? (
        number
      ) : (
        <a class="calendar-day" href={paths.adminExpiry({ ...queryOf(query), day: shown.word })}>
          {number}
          <span class="visually-hidden">
            {' '}
            {months[month.month - 1]}: {endWords(ending, certificates)}
          </span>
          <span aria-hidden="true" class="calendar-marks">
            <Mark count={ending} one="password" many="passwords" look="password" />
            <Mark count={certificates} one="certificate" many="certificates" look="certificate" />
          </span>
        </a>
      )}
    </td>
  )
}

const endWords = (passwords: number, certificates: number) =>
  [
    passwords > 0 && `${passwords} ${passwords === 1 ? 'password ends' : 'passwords end'}`,
    certificates > 0 && `${certificates} ${certificates === 1 ? 'certificate ends' : 'certificates end'}`,
  ]
    .filter(words => words !== false)
    .join(', ')

interface MarkProps {
  count: number
  one: string
  many: string
  look: 'password' | 'certificate'
}

const Mark = ({ count, one, many, look }: MarkProps) =>
  count === 0 ? null : (
    <span class={`calendar-mark calendar-${look}`}>
      {count} <span class="calendar-wide">{count === 1 ? one : many}</span>
    </span>
  )

/** The list begins anew. */
const queryOf = ({ after: _after, before: _before, from: _from, ...query }: TableQuery): TableQuery => query

/** Weeks from Monday on; null where a day is of another month. */
function weeksOf(days: readonly Day[]): (Day | null)[][] {
  const before = ((days[0]?.weekday ?? 1) + 6) % 7
  const cells: (Day | null)[] = [...Array<null>(before).fill(null), ...days]
  while (cells.length % 7 !== 0) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7))
}
