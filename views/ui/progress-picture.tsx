import type { Child } from 'hono/jsx'

/** How a share of the picture looks; the table beside it says the same. */
export type ShareLook = 'done' | 'quiet' | 'open' | 'warning' | 'failed'

export interface Share {
  label: string
  count: number
  look: ShareLook
}

interface PictureProps {
  /** Names picture and table. */
  title: string
  shares: readonly Share[]
  /** What is counted: the head of the column. */
  of: string
  /** Said when there is nothing to count. */
  empty: Child
}

const width = 720
const height = 28
/** Something that exists can be seen. */
const least = 3

/** Shares of a whole as one bar, and the same facts as a table. */
export const ProgressPicture = ({ title, shares, of, empty }: PictureProps) => {
  const total = shares.reduce((sum, share) => sum + share.count, 0)
  if (total === 0) return <p class="soft">{empty}</p>
  return (
    <figure class="progress-picture" aria-label={title}>
      <svg
        class="progress-bar"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${wordsOf(shares, total)}`}
      >
        {placed(shares, total).map(({ share, x, wide }) => (
          <rect class={`share share-${share.look}`} x={x} y="0" width={wide} height={height}>
            <title>{`${share.label}: ${share.count} (${percent(share.count, total)})`}</title>
          </rect>
        ))}
      </svg>
      <table class="progress-facts">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">{of}</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(share => (
            <tr>
              <th scope="row">
                <Swatch look={share.look} />
                {share.label}
              </th>
              <td>{number.format(share.count)}</td>
              <td>{percent(share.count, total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

const Swatch = ({ look }: { look: ShareLook }) => (
  <svg class="progress-swatch" viewBox="0 0 12 12" aria-hidden="true">
    <rect class={`share share-${look}`} x="0.5" y="0.5" width="11" height="11" rx="2" />
  </svg>
)

/** One after the other; small ones take from the largest what makes them visible. */
function placed(shares: readonly Share[], total: number) {
  const some = shares.filter(share => share.count > 0)
  const wides = some.map(share => Math.max(least, (share.count / total) * width))
  const surplus = wides.reduce((sum, wide) => sum + wide, 0) - width
  const largest = wides.indexOf(Math.max(...wides))
  let x = 0
  return some.map((share, i) => {
    const wide = Math.round(((wides[i] ?? 0) - (i === largest ? surplus : 0)) * 10) / 10
    const at = { share, x: Math.round(x * 10) / 10, wide }
    x += wide
    return at
  })
}

const wordsOf = (shares: readonly Share[], total: number) =>
  shares
    .filter(share => share.count > 0)
    .map(share => `${number.format(share.count)} ${share.label} (${percent(share.count, total)})`)
    .join(', ')

const number = new Intl.NumberFormat('en-US')

/** Never 0 % of something and never 100 % of less than all. */
export function percent(part: number, whole: number): string {
  if (part === 0) return '0 %'
  if (part === whole) return '100 %'
  return `${Math.min(99, Math.max(1, Math.round((part / whole) * 100)))} %`
}
