import type { AssetRequest } from '../../src/assets/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { duration, shortTime, Time } from '../ui/time.tsx'
import { Twistie } from '../ui/twistie.tsx'
import { type Picture, placeSpans, xOf } from './timeline-lanes.ts'

export const timelineDays = 30
const dayMs = 86_400_000
const laneHeight = 16
const axisHeight = 28

interface Props {
  chrome: Chrome
  asset: string
  /** Requests that ran in these days, the earliest first. */
  run: readonly AssetRequest[]
  now: Date
}

/** What ran on an environment in the last days: a picture, and the same as a list. */
export const AssetTimeline = ({ chrome, asset, run, now }: Props) => (
  <Card title={`The last ${timelineDays} days`}>
    <p>{sentence(asset, run)}</p>
    {run.length > 0 && (
      <>
        <Drawing asset={asset} run={run} now={now} zone={zoneOf(chrome)} />
        <Twistie summary="The same as a list">
          <ul class="plain-list">
            {run.map(request => (
              <li>
                <a href={paths.serviceRequest(request.id)}>{request.id}</a> {request.action_name},{' '}
                <Time at={request.actual_start} zone={zoneOf(chrome)} />, {lasted(request)}:{' '}
                {outcomeWords(request)}
              </li>
            ))}
          </ul>
        </Twistie>
      </>
    )}
  </Card>
)

const Drawing = ({ asset, run, now, zone }: Omit<Props, 'chrome'> & { zone: string }) => {
  const picture: Picture = {
    from: now.getTime() - timelineDays * dayMs,
    to: now.getTime(),
    width: 720,
    least: 4,
    lanes: 3,
  }
  const placed = placeSpans(
    run.map(request => ({
      request,
      start: request.actual_start ?? request.reported_at,
      end: request.actual_finish,
    })),
    picture,
  )
  const lanes = 1 + Math.max(0, ...placed.map(one => one.lane))
  const bottom = lanes * laneHeight + 4
  return (
    <svg
      class="asset-timeline"
      viewBox={`-2 0 ${picture.width + 4} ${bottom + axisHeight}`}
      role="img"
      aria-label={`Requests that ran on ${asset} in the last ${timelineDays} days; the same stands below as a list.`}
    >
      <line class="asset-timeline-axis" x1="0" x2={picture.width} y1={bottom} y2={bottom} />
      {ticks(picture, zone).map(tick => (
        <g class="asset-timeline-tick">
          <line x1={tick.x} x2={tick.x} y1="0" y2={bottom + 4} />
          <text x={tick.x} y={bottom + 22} text-anchor="middle">
            {tick.label}
          </text>
        </g>
      ))}
      {placed.map(({ span, x, width, lane }) => (
        <rect
          class={`asset-timeline-bar asset-timeline-${lookOf(span.request)}`}
          x={x}
          y={lane * laneHeight + 2}
          width={width}
          height={laneHeight - 4}
          rx="2"
        >
          <title>
            {`${span.request.id} ${span.request.action_name}, ${shortTime(new Date(span.start), zone)}: ${outcomeWords(span.request)}`}
          </title>
        </rect>
      ))}
    </svg>
  )
}

/** Every fifth day. */
function ticks(picture: Picture, zone: string) {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: zone })
  return [25, 20, 15, 10, 5].map(ago => {
    const at = picture.to - ago * dayMs
    return { x: Math.round(xOf(at, picture)), label: day.format(new Date(at)) }
  })
}

const lookOf = ({ status, actual_finish }: AssetRequest) =>
  status === 'INPROG'
    ? 'running'
    : status === 'FAILED'
      ? 'failed'
      : status === 'UNKNOWN'
        ? 'unknown'
        : actual_finish
          ? 'done'
          : 'unknown'

const outcomeWords = ({ status }: AssetRequest) => (status === 'CLOSED' ? 'closed' : status)

const lasted = ({ actual_start, actual_finish }: AssetRequest) =>
  actual_start && actual_finish
    ? `took ${duration(Date.parse(actual_finish) - Date.parse(actual_start))}`
    : 'not finished'

function sentence(asset: string, run: readonly AssetRequest[]): string {
  if (run.length === 0) return `Nothing ran on ${asset} in the last ${timelineDays} days.`
  const failed = run.filter(request => request.status === 'FAILED').length
  const unknown = run.filter(request => request.status === 'UNKNOWN').length
  const running = run.filter(request => request.status === 'INPROG').length
  const parts = [
    `${run.length} ${run.length === 1 ? 'request' : 'requests'} ran`,
    ...(failed ? [`${failed} failed`] : []),
    ...(unknown ? [`of ${unknown} the outcome is not known`] : []),
    ...(running ? [`${running} ${running === 1 ? 'is' : 'are'} running now`] : []),
  ]
  return `${parts.join(', ')}.`
}
