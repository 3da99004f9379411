import type { Child } from 'hono/jsx'
import type { Chrome } from '../layout/chrome.ts'
import { type Crumb, Page } from '../layout/page.tsx'
import { tableRoles } from './attrs.ts'
import { Button } from './button.tsx'
import { CsrfField } from './csrf-field.tsx'
import { Icon } from './icon.tsx'

/** The one dialog of a page with lookup fields; <SelectValueHost> puts it there, empty. */
export const selectValueDialogId = 'select-value'
const rowsId = 'select-value-rows'

export interface SelectValueProps {
  chrome: Chrome
  /** Name and label of the field a value is chosen for. */
  field: string
  label: string
  /** Answers again, filtered by the field `filter`. */
  lookup: string
  /** Takes the whole form back, with the chosen value, and redraws it. */
  back: string
  /** Everything typed so far, by field name; carried along unseen. */
  typed: Readonly<Record<string, string>>
  filter: string
  columns: readonly string[]
  /** `cells` beside the value, in the order of `columns` after the first. */
  rows: readonly { value: string; label?: string; cells: readonly Child[] }[]
  /** Why it is empty, or why something may be missing, and whom to ask. */
  missing: Child
}

/** Empty place for the dialog; put it once on a page with lookup fields, outside the form. */
export const SelectValueHost = () => (
  <dialog id={selectValueDialogId} class="dialog select-value" aria-labelledby="select-value-title" />
)

/** What htmx loads into the dialog. */
export const SelectValueDialog = (props: SelectValueProps) => (
  <>
    <h2 id="select-value-title">Select Value: {props.label}</h2>
    <SelectValueForm {...props} />
  </>
)

/** The same without scripts, as a page of its own. */
export const SelectValuePage = ({ crumbs, ...props }: SelectValueProps & { crumbs?: readonly Crumb[] }) => (
  <Page chrome={props.chrome} title="Select Value" crumbs={crumbs} width="form">
    <p class="lead">{props.label}</p>
    <SelectValueForm {...props} />
  </Page>
)

/** Pressing Enter in the filter must filter: its button stands before the choices. */
const SelectValueForm = (props: SelectValueProps) => (
  <form
    method="post"
    action={props.lookup}
    class="select-value-form"
    data-select-value={props.field}
    novalidate
  >
    <CsrfField chrome={props.chrome} />
    {Object.entries(props.typed)
      .filter(([name]) => name !== props.field && name !== 'csrf' && name !== 'filter')
      .map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    <div class="select-value-filter">
      <label for="select-value-filter">Filter</label>
      <input
        type="search"
        id="select-value-filter"
        name="filter"
        value={props.filter}
        autocomplete="off"
        hx-post={props.lookup}
        hx-trigger="input changed delay:150ms"
        hx-target={`#${rowsId}`}
        hx-select={`#${rowsId}`}
        hx-swap="outerHTML"
      />
      {/* Keeps the field's own value when filtering. */}
      <Button name={props.field} value={props.typed[props.field] ?? ''} icon="search">
        Filter
      </Button>
    </div>
    <SelectValueRows {...props} />
    <div class="form-buttons">
      <Button
        name={props.field}
        value={props.typed[props.field] ?? ''}
        formaction={props.back}
        attrs={{ 'data-close': true }}
      >
        Cancel
      </Button>
    </div>
  </form>
)

const SelectValueRows = ({ field, label, back, columns, rows, missing }: SelectValueProps) => (
  <div id={rowsId} class="select-value-rows">
    {rows.length > 0 && (
      <section class="table-frame" aria-label={`${label} table`}>
        <table class="table" {...tableRoles.table}>
          <thead {...tableRoles.rows}>
            <tr {...tableRoles.row}>
              {columns.map(column => (
                <th {...tableRoles.column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody {...tableRoles.rows} data-rows>
            {rows.map(row => (
              <tr {...tableRoles.row}>
                <th {...tableRoles.rowHeader} data-label={columns[0]}>
                  <button
                    type="submit"
                    class="link-button"
                    name={field}
                    value={row.value}
                    formaction={back}
                    data-choice
                  >
                    {row.label ?? row.value}
                  </button>
                </th>
                {row.cells.map((cell, i) => (
                  <td {...tableRoles.cell} data-label={columns[i + 1]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    )}
    <p class="select-value-missing" role={rows.length ? undefined : 'status'}>
      {!rows.length && <Icon name="info" />} {missing}
    </p>
  </div>
)
