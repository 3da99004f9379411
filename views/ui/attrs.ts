/** Further attributes for the element a component draws (`hx-…`, `data-…`, `autocomplete` …). */
export type Attrs = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * Cards on narrow screens need `display: block`, which takes the table roles away in some browsers:
 * so they are written out. Spread, because they repeat what the elements natively are.
 */
export const tableRoles = {
  table: { role: 'table' },
  rows: { role: 'rowgroup' },
  row: { role: 'row' },
  column: { role: 'columnheader', scope: 'col' },
  rowHeader: { role: 'rowheader', scope: 'row' },
  cell: { role: 'cell' },
} as const satisfies Record<string, Attrs>
