import { html } from 'hono/html'
import type { ListedItem, ListedPart } from '../../src/access/campaign-part-queries.ts'
import {
  type ItemOutcome,
  outcomeWords,
  type PartState,
  type Progress,
  partStates,
  partWords,
} from '../../src/access/campaign-states.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import type { Column } from '../ui/data-table.tsx'
import { ProgressPicture, type Share, type ShareLook } from '../ui/progress-picture.tsx'
import { type StatusLook, StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

const shareLooks = {
  CONFIRMED: 'done',
  ENDED: 'quiet',
  OPEN: 'open',
  SUSPENDED: 'warning',
  REMOVED: 'failed',
} as const satisfies Record<PartState, ShareLook>

const marks = {
  CONFIRMED: 'done',
  ENDED: 'stopped',
  OPEN: 'waiting',
  SUSPENDED: 'warning',
  REMOVED: 'failed',
} as const satisfies Record<PartState | ItemOutcome, StatusLook>

export const PartMark = ({ state }: { state: PartState }) =>
  StatusMark({ look: marks[state], word: partWords[state] })

/** How far a re-validation is; `of` is what is counted: somebody with two customers answers twice. */
export const RevalidationProgress = ({
  progress,
  of = 'Persons per customer',
}: {
  progress: Progress
  of?: string
}) => (
  <ProgressPicture
    title="Progress of the re-validation"
    of={of}
    shares={partStates.map(
      (state): Share => ({ label: partWords[state], count: progress[state], look: shareLooks[state] }),
    )}
    empty="Nobody holds an access that has to be re-validated."
  />
)

interface ColumnsOf {
  viewer: Actor
  zone: string
  items: ReadonlyMap<number, readonly ListedItem[]>
  /** Operators see all customers. */
  withCustomer: boolean
  hrefOf: (personId: string) => string
}

/** Who confirmed what when, and what was removed or suspended. */
export const partColumns = ({
  viewer,
  zone,
  items,
  withCustomer,
  hrefOf,
}: ColumnsOf): readonly Column<ListedPart>[] => [
  {
    key: 'person',
    label: 'Person',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: part => <a href={hrefOf(part.person_id)}>{part.person_id}</a>,
  },
  { key: 'name', label: 'Name', cell: part => part.display_name },
  ...(withCustomer
    ? [
        {
          key: 'customer',
          label: 'Customer',
          look: 'code',
          filter: 'text',
          cell: (part: ListedPart) => part.customer_id,
        } as const,
      ]
    : []),
  {
    key: 'state',
    label: 'State',
    filter: partStates.map(state => ({ value: state, label: partWords[state] })),
    cell: part => PartMark({ state: part.state }),
  },
  {
    key: 'answered',
    label: 'Date',
    look: 'time',
    cell: part => Time({ at: part.closed_at ?? part.suspended_at, zone }),
  },
  {
    key: 'accesses',
    label: 'Accesses',
    look: 'grow',
    cell: part => <Items items={items.get(part.id) ?? []} viewer={viewer} zone={zone} />,
  },
]

const Items = ({ items, viewer, zone }: { items: readonly ListedItem[]; viewer: Actor; zone: string }) => (
  <ul class="validated-items">
    {items.map(
      item =>
        html`<li>${item.asset_id} ${item.type_name}: ${outcomeWords[item.outcome]}${
          item.outcome !== 'OPEN' && html` ${Time({ at: item.decided_at, zone })} by ${byWhom(item, viewer)}`
        }</li>`,
    )}
  </ul>
)

/** To customers operators are no persons. */
const byWhom = ({ decided_by, decided_by_role }: ListedItem, viewer: Actor): string =>
  decided_by === null
    ? 'the portal'
    : decided_by_role === 'OPERATOR' && !isOperator(viewer)
      ? 'operator'
      : decided_by
