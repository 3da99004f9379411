import { html } from 'hono/html'
import { tableRoles } from './attrs.ts'
import { Button, ButtonLink } from './button.tsx'
import { type Drawn, drawnOnce } from './drawn.ts'
import { EmptyState } from './empty-state.tsx'
import type { Option } from './field.tsx'
import { Icon } from './icon.tsx'
import {
  type ActiveFilter,
  type Column,
  type FilterName,
  filtersOf,
  type TableQuery,
  unfiltered,
  without,
} from './table-columns.ts'

export interface FiltersProps {
  columns: readonly Column<never>[]
  query: TableQuery
  href: (query: TableQuery) => string
  active: readonly ActiveFilter[]
  /** Id of the form that the inputs in the table's head belong to. */
  formId: string
}

/** The form of the filter row, which stands in the toolbar with its switch and its buttons. */
export const FilterForm = ({ columns, query, href, active, formId }: FiltersProps) => {
  const kept = unfiltered(columns, query)
  return html`<form id="${formId}" class="table-filters" method="get" action="${href({})}" data-tidy>${Object.entries(
    kept,
  ).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}${active.length > 0 ? togglesFiltered : toggles}${
    active.length > 0 && (
      <ButtonLink kind="quiet" href={href(kept)}>
        Show all
      </ButtonLink>
    )
  }</form>`
}

const FilterToggle = ({ on, look }: { on: boolean; look: string }) => (
  <label class={`toggle ${look}`}>
    <input type="checkbox" checked={on} autocomplete="off" />
    <Icon name="filter" />
    Filter
  </label>
)

/** Two switches, because on a narrow screen the row of filters starts closed. Neither is sent. */
const drawToggles = (filtered: boolean) =>
  drawnOnce([
    <FilterToggle on={true} look="toggle-wide" />,
    <FilterToggle on={filtered} look="toggle-narrow" />,
    <Button kind="quiet">Apply</Button>,
  ])
const toggles = drawToggles(false)
const togglesFiltered = drawToggles(true)

interface FilterRowProps {
  columns: readonly Column<never>[]
  query: TableQuery
  errors?: Readonly<Record<string, string>>
  formId: string
  /** Rows begin with a twistie. */
  indented: boolean
}

/** An input under each head; Enter applies them all. */
export const FilterRow = ({ columns, indented, ...row }: FilterRowProps) => (
  <tr class="filter-row" {...tableRoles.row}>
    {indented && <td {...tableRoles.cell} />}
    {columns.map(
      column =>
        html`<td role="cell">${filtersOf(column).map(filter => labelled({ ...row, filter, options: column.filter }))}</td>`,
    )}
  </tr>
)

interface FilterProps extends Omit<FilterRowProps, 'columns' | 'indented'> {
  filter: FilterName
  options: Column<never>['filter']
}

function labelled({ filter, options, query, errors = {}, formId }: FilterProps) {
  const id = `${formId}-${filter.key}`
  const error = errors[filter.key]
  const value = query[filter.key] ?? ''
  const field = html`id="${id}" name="${filter.key}" form="${formId}"${error && html` aria-invalid="true" aria-describedby="${id}-error"`}`
  return html`<label class="filter-label" for="${id}">Filter by ${filter.label}</label>${
    Array.isArray(options) ? choice(field, options, value) : typed(field, filter, value)
  }${error && html`<p class="field-error" id="${id}-error">${error}</p>`}`
}

const typed = (field: Drawn, { part }: FilterName, value: string) =>
  html`<input type="${part ? 'date' : 'text'}" value="${value}" autocomplete="off"${part && html` title="${part}"`} ${field} />`

const choice = (field: Drawn, options: readonly Option[], chosen: string) =>
  html`<select ${field}><option value="">All</option>${options.map(
    ({ value, label }) =>
      html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`,
  )}</select>`

/** Instead of rows when there are none: which filter to loosen. */
export const NothingMatches = ({ columns, query, href, active }: Omit<FiltersProps, 'formId'>) => (
  <EmptyState
    title="Nothing matches these filters."
    action={<ButtonLink href={href(unfiltered(columns, query))}>Show all</ButtonLink>}
  >
    <p>Loosen one of them:</p>
    <ul class="filters-in-use">
      {active.map(filter => (
        <li>
          <a href={href(without(query, [filter.key]))}>
            Without {filter.label} “{filter.value}”
          </a>
        </li>
      ))}
    </ul>
  </EmptyState>
)
