import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { tableRoles } from './attrs.ts'
import { type Drawn, drawnOnce } from './drawn.ts'
import { type Column, cellClass, classed, isLasting, type LastingRow } from './table-columns.ts'

/** A twistie as first control of each row. */
export interface RowDetails<R> {
  label: (row: R) => string
  body: (row: R) => Child
  /** From the beginning; else all are closed. */
  open?: (row: R) => boolean
}

interface RowsProps<R> {
  columns: readonly Column<R>[]
  rows: readonly R[]
  details?: RowDetails<R>
  rowClass?: (row: R) => string | undefined
}

// Rows and cells are templates and not elements: a list has hundreds of them.
export const TableRows = <R,>(props: RowsProps<R>) => html`${props.rows.map(rowOf(props))}`

const lastingRows = new WeakMap<readonly Column<never>[], (row: never) => Drawn>()

/** Rows of lasting columns look the same whenever they hold the same: each is drawn once. */
function rowOf<R>(props: RowsProps<R>): (row: R) => Drawn {
  const { columns, details, rowClass } = props
  if (details || rowClass || !isLasting(columns)) return drawRow(props)
  const known = lastingRows.get(columns) as ((row: R) => Drawn) | undefined
  if (known) return known
  // Lasting columns are of rows with an id.
  const kept = drawnPerRow(drawRow(props as RowsProps<R & LastingRow>)) as (row: R) => Drawn
  lastingRows.set(columns, kept)
  return kept
}

const mostRows = 300

/** Found by its id and compared value by value, because a key made of all that a row holds costs several times that. */
function drawnPerRow<R extends LastingRow>(draw: (row: R) => Drawn): (row: R) => Drawn {
  const rows = new Map<LastingRow['id'], { row: R; drawn: Drawn }>()
  return row => {
    const known = rows.get(row.id)
    if (known && isSame(known.row, row)) return known.drawn
    if (rows.size >= mostRows) rows.clear()
    const drawn = drawnOnce(draw(row))
    rows.set(row.id, { row, drawn })
    return drawn
  }
}

function isSame<R extends object>(one: R, other: R): boolean {
  for (const key in one) if (one[key] !== other[key]) return false
  return true
}

function drawRow<R>({ columns, details, rowClass }: RowsProps<R>): (row: R) => Drawn {
  const cells = columns.map(cellOf)
  return row =>
    html`<tr${classed(rowClass?.(row))} role="row">${details && <TwistieCell label={details.label(row)} open={details.open?.(row)} />}${cells.map(
      cell => cell(row),
    )}</tr>${details && detailsRow(columns.length + 1, details.body(row))}`
}

/** Draws the cells of a column; their beginnings are put together once. */
function cellOf<R>({ look, label, cell }: Column<R>): (row: R) => Drawn {
  if (look === 'id' || look === 'name') {
    const head = html`<th class="cell-${look}" role="rowheader" scope="row" data-label="${label}">`
    return row => html`${head}${cell(row)}</th>`
  }
  const long = html`<td${classed(cellClass({ look }))} role="cell" data-label="${label}">`
  const short = look ? long : html`<td class="nowrap" role="cell" data-label="${label}">`
  return row => {
    const content = cell(row)
    return html`${isShort(content) ? short : long}${content}</td>`
  }
}

/** Ids and single words are not broken at a hyphen. */
const isShort = (content: Child) => typeof content === 'string' && content.length <= 16

const detailsRow = (width: number, body: Child) => (
  <tr class="details-row" {...tableRoles.row}>
    <td colspan={width} {...tableRoles.cell}>
      {body}
    </td>
  </tr>
)

/** Its `<details>` is empty: the style sheet shows the next row while it is open. */
const TwistieCell = ({ label, open }: { label: string; open: boolean | undefined }) => (
  <td class="cell-twistie" {...tableRoles.cell}>
    <details open={open}>
      <summary>
        <span class="visually-hidden">{label}</span>
      </summary>
    </details>
  </td>
)
