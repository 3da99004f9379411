import { expect, test } from 'vitest'
import { type Column, DataTable, lastingColumns } from '../../views/ui/data-table.tsx'
import { Time } from '../../views/ui/time.tsx'

interface Row {
  id: number
  name: string
  at: string
}

const columnsFor = lastingColumns((zone): readonly Column<Row>[] => [
  { key: 'id', label: 'Number', look: 'id', sortable: true, filter: 'text', cell: row => row.id },
  { key: 'name', label: 'Name', cell: row => row.name },
  { key: 'at', label: 'Time', look: 'time', cell: row => Time({ at: row.at, zone }) },
])
const at = '2026-01-07T14:59:12.000Z'
const shown = (rows: readonly Row[], zone: string, query = {}) =>
  String(
    <DataTable
      title="Things"
      columns={columnsFor(zone)}
      rows={rows}
      query={query}
      href={asked => `/things?${new URLSearchParams(asked as Record<string, string>)}`}
      empty="none"
    />,
  )

test('rows that are drawn once are shown to each in their own zone', () => {
  const rows = [{ id: 1, name: 'One', at }]
  expect(shown(rows, 'UTC')).toContain('7 Jan 2026, 14:59<')
  expect(shown(rows, 'Europe/Berlin')).toContain('7 Jan 2026, 15:59<')
  expect(shown(rows, 'UTC')).toBe(shown(rows, 'UTC'))
})

test('a row that changed is drawn anew, and what is typed stays text', () => {
  expect(shown([{ id: 1, name: 'One', at }], 'UTC')).toContain('>One<')
  const changed = shown([{ id: 1, name: '<b>"Two"</b>', at }], 'UTC')
  expect(changed).toContain('&lt;b&gt;&quot;Two&quot;&lt;/b&gt;')
  expect(changed).not.toContain('>One<')
})

test('the head follows filters and order, and is itself again without them', () => {
  const plain = shown([], 'UTC')
  const filtered = shown([], 'UTC', { id: '"><i>', sort: '-id' })
  expect(filtered).toContain('value="&quot;&gt;&lt;i&gt;"')
  expect(filtered).toContain('aria-sort="descending"')
  expect(shown([], 'UTC')).toBe(plain)
  expect(plain).not.toContain('aria-sort')
})
