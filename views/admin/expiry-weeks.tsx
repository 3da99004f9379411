import type { WeekOfEnds } from '../../src/admin/expiry-weeks.ts'
import { months } from '../../src/calendar-words.ts'
import { paths } from '../../src/paths.ts'
import { Card } from '../ui/card.tsx'
import type { TableQuery } from '../ui/data-table.tsx'

interface Props {
  weeks: readonly WeekOfEnds[]
  query: TableQuery
}

/** Passwords by expiry week: where the year has its peaks; the same facts as links. */
export const ExpiryWeeks = ({ weeks, query }: Props) => {
  const some = weeks.filter(({ count }) => count > 0)
  return (
    <Card title="Passwords by expiry week">
      {some.length === 0 ? (
        <p class="soft">No password of a database account ends within a year.</p>
      ) : (
        <figure class="expiry-weeks">
          <Bars weeks={weeks} />
          <details>
            <summary>
              {passwordWords(some.reduce((sum, { count }) => sum + count, 0))} in {weekWords(some.length)}
            </summary>
            <ul class="expiry-weeks-facts">
              {some.map(({ word, count }) => (
                <li>
                  <a
                    href={paths.adminExpiry({
                      customer: query.customer,
                      asset: query.asset,
                      month: word.slice(0, 7),
                    })}
                  >
                    Week of {dayWords(word)}
                  </a>
                  : {count}
                </li>
              ))}
            </ul>
          </details>
        </figure>
      )}
    </Card>
  )
}

const wide = 14
const gap = 3
const height = 72
/** One password can be seen beside a thousand. */
const least = 4

const Bars = ({ weeks }: Pick<Props, 'weeks'>) => {
  const most = Math.max(...weeks.map(({ count }) => count))
  return (
    <svg
      viewBox={`0 0 ${weeks.length * wide} ${height + 36}`}
      role="img"
      aria-label={`Passwords by expiry week, ${most} at most. The list below has the weeks.`}
    >
      <line class="expiry-weeks-axis" x1="0" x2={weeks.length * wide} y1={height + 16} y2={height + 16} />
      {weeks.map((week, i) => (
        <Bar week={week} x={i * wide} most={most} />
      ))}
      {weeks.map(({ word }, i) => beginsMonth(weeks[i - 1]?.word, word) && <Tick word={word} x={i * wide} />)}
    </svg>
  )
}

const Bar = ({ week: { word, count }, x, most }: { week: WeekOfEnds; x: number; most: number }) => {
  if (count === 0) return null
  const tall = Math.max(least, Math.round((count / most) * height))
  const y = height + 16 - tall
  return (
    <g>
      <title>{`Week of ${dayWords(word)}: ${passwordWords(count)}`}</title>
      <rect class="expiry-weeks-bar" x={x + gap / 2} y={y} width={wide - gap} height={tall} rx="2" />
      <text class="expiry-weeks-count" x={x + wide / 2} y={y - 4} text-anchor="middle">
        {count}
      </text>
    </g>
  )
}

const Tick = ({ word, x }: { word: string; x: number }) => (
  <g class={quarter(word) ? undefined : 'expiry-weeks-between'}>
    <line class="expiry-weeks-axis" x1={x} x2={x} y1={height + 16} y2={height + 20} />
    <text class="expiry-weeks-month" x={x + 2} y={height + 32}>
      {monthOf(word).slice(0, 3)}
    </text>
  </g>
)

/** What a narrow screen has room for. */
const quarter = (word: string) => Number(word.slice(5, 7)) % 3 === 1

/** The first Monday of a month, not of the first week, which may begin in the middle of one. */
const beginsMonth = (before: string | undefined, word: string) =>
  before !== undefined && before.slice(0, 7) !== word.slice(0, 7)

const monthOf = (word: string) => months[Number(word.slice(5, 7)) - 1] ?? ''

const dayWords = (word: string) => `${Number(word.slice(8))} ${monthOf(word)} ${word.slice(0, 4)}`

const passwordWords = (count: number) => (count === 1 ? '1 password' : `${count} passwords`)
const weekWords = (count: number) => (count === 1 ? '1 week' : `${count} weeks`)
