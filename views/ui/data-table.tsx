import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { drawnOnce } from './drawn.ts'
import { Icon } from './icon.tsx'
import { type PageOf, Pager } from './pager.tsx'
import { activeFilters, type Column, type TableQuery } from './table-columns.ts'
import { FilterForm, NothingMatches } from './table-filters.tsx'
import { TableHead } from './table-head.tsx'
import { type RowDetails, TableRows } from './table-rows.tsx'

export { type Column, lastingColumns, placeKeys, type TableQuery } from './table-columns.ts'

export interface DataTableProps<R> {
  /** Names the table: its region is "<title> table". */
  title: string
  columns: readonly Column<R>[]
  rows: readonly R[]
  query?: TableQuery
  /** Address of this list with another query; without it nothing is sorted or filtered. */
  href?: (query: TableQuery) => string
  /** Order in force when the query names none, such as '-service_request'. */
  defaultSort?: string
  page?: PageOf
  /** Address of the CSV with the same filters. */
  download?: string
  /** Said when there is nothing at all: why, and what to do. */
  empty: Child
  details?: RowDetails<R>
  /** What is wrong with a filter, by its name in the URL. */
  errors?: Readonly<Record<string, string>>
  /** Further controls at the right of the toolbar. */
  toolbar?: Child
  rowClass?: (row: R) => string | undefined
  /** Under the rows, in the table's region: such as a button that adds one. */
  foot?: Child
}

export const DataTable = <R,>({ query = {}, ...props }: DataTableProps<R>) => {
  const { title, columns, rows, href } = props
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const filterable = columns.some(column => column.filter)
  const filters =
    href && filterable
      ? { columns, query, href, formId: `${id}-filters`, active: activeFilters(columns, query) }
      : null
  const none =
    rows.length === 0 &&
    html`<div class="table-empty">${filters?.active.length ? <NothingMatches {...filters} /> : props.empty}</div>`
  const { foot } = props
  // The frame scrolls sideways when the table is wider: then the keyboard must reach it.
  const frame = html`<section class="table-frame" aria-label="${title} table" tabindex="0"><table class="table" aria-labelledby="${id}-title" role="table">${TableHead(
    { ...props, query, filters },
  )}<tbody role="rowgroup" data-rows>${TableRows(props)}</tbody></table>${
    foot && html`${none}<div class="table-foot">${foot}</div>`
  }</section>`
  return html`<section class="data-table" aria-labelledby="${id}-title"><div class="table-toolbar"><h2 id="${id}-title">${title}</h2>${
    filters && FilterForm(filters)
  }${toolbarEnd(props)}</div>${frame}${!foot && none}</section>`
}

const toolbarEnd = <R,>({ toolbar, page, title, download }: DataTableProps<R>) =>
  html`<div class="table-toolbar-end">${toolbar}${page && Pager({ page, of: title })}${
    download && html`<a class="button button-quiet" href="${download}" download>${downloadLabel}</a>`
  }</div>`

const downloadLabel = drawnOnce([<Icon name="download" />, 'Download'])
