import { html } from 'hono/html'
import { tableRoles } from './attrs.ts'
import { type Drawn, drawnOnce } from './drawn.ts'
import { Icon } from './icon.tsx'
import {
  type Column,
  cellClass,
  classed,
  isLasting,
  type SortWord,
  sortedBy,
  sortWord,
  type TableQuery,
  without,
} from './table-columns.ts'
import { FilterRow, type FiltersProps } from './table-filters.tsx'

interface HeadProps {
  columns: readonly Column<never>[]
  query: TableQuery
  href?: (query: TableQuery) => string
  defaultSort?: string
  filters: FiltersProps | null
  errors?: Readonly<Record<string, string>>
  details?: unknown
}

const unasked = new WeakMap<readonly Column<never>[], Map<string, Drawn>>()

/** Lasting columns have it drawn once for the list as it is opened, and anew for every filter and other order. */
export function TableHead(props: HeadProps) {
  const { columns, query, filters, href, defaultSort, details, errors = {} } = props
  const asked = Object.keys(without(query, [])).length + Object.keys(errors).length > 0
  if (asked || !isLasting(columns)) return <Head {...props} />
  const heads = unasked.get(columns) ?? new Map<string, Drawn>()
  unasked.set(columns, heads)
  const look = JSON.stringify([filters?.formId, href?.({}), defaultSort, details !== undefined])
  const head = heads.get(look) ?? drawnOnce(<Head {...props} />)
  heads.set(look, head)
  return head
}

const Head = (props: HeadProps) => (
  <thead {...tableRoles.rows}>
    <HeadRow {...props} />
    {props.filters && (
      <FilterRow {...props.filters} errors={props.errors} indented={props.details !== undefined} />
    )}
  </thead>
)

const HeadRow = ({ columns, details, query, href, defaultSort }: HeadProps) => {
  const sort = query.sort ?? defaultSort
  return (
    <tr {...tableRoles.row}>
      {details && detailsHead}
      {columns.map(column => {
        const word = sortWord(column, sort)
        return html`<th${classed(cellClass(column))} role="columnheader" scope="col"${word && html` aria-sort="${word}"`}>${
          column.sortable && href
            ? html`<a class="sort" href="${href(sortedBy(column.key, query, sort))}">${column.label}${Icon({ name: sortIcon(word) })}</a>`
            : column.label
        }</th>`
      })}
    </tr>
  )
}

const detailsHead = drawnOnce(
  <th class="cell-twistie" {...tableRoles.column}>
    <span class="visually-hidden">Details</span>
  </th>,
)

const sortIcon = (word: SortWord) =>
  word === undefined ? 'updown' : word === 'ascending' ? ('up' as const) : ('down' as const)
