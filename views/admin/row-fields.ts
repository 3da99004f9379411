/** What a form holds, by field name. */
type Values = Readonly<Record<string, string>>

/** One row of a form's table; its fields are named PREFIX_INDEX_KEY. */
export interface RowFields<K extends string> {
  index: number
  values: Readonly<Record<K, string>>
}

export const rowName = (prefix: string, index: number, key: string) => `${prefix}_${index}_${key}`

/** More rows than this no form of ours has. */
const mostRows = 200

/** The rows a form was sent with, in order; fields a browser leaves out (unticked boxes) are ''. */
export function readRows<K extends string>(
  values: Values,
  prefix: string,
  keys: readonly K[],
): RowFields<K>[] {
  const form = new RegExp(`^${prefix}_([1-9]\\d{0,3})_`)
  const indexes = new Set(
    Object.keys(values).flatMap(name => {
      const index = form.exec(name)?.[1]
      return index === undefined ? [] : [Number(index)]
    }),
  )
  return [...indexes]
    .sort((a, b) => a - b)
    .slice(0, mostRows)
    .map(index => ({ index, values: rowValues(values, prefix, index, keys) }))
}

/** The same, without rows nothing was typed into. */
export const filledRows = <K extends string>(values: Values, prefix: string, keys: readonly K[]) =>
  readRows(values, prefix, keys).filter(row => keys.some(key => row.values[key].trim() !== ''))

/** A list of records as the fields of a form. */
export const toRows = <K extends string>(
  prefix: string,
  rows: readonly Readonly<Record<K, string>>[],
): Values =>
  Object.fromEntries(
    rows.flatMap((row, i) =>
      Object.entries<string>(row).map(([key, value]) => [rowName(prefix, i + 1, key), value]),
    ),
  )

/** What a button named `row` asks for: "add field", "remove field 3". */
export type RowAct = { kind: 'add'; prefix: string } | { kind: 'remove'; prefix: string; index: number }

export function rowAct(values: Values): RowAct | null {
  const [kind, prefix = '', index] = (values.row ?? '').split(' ')
  if (kind === 'add') return { kind, prefix }
  return kind === 'remove' ? { kind, prefix, index: Number(index) } : null
}

/** The form with a blank row more, or without one; all else as it was typed. */
export function withRowAct(values: Values, act: RowAct, firstKey: string): Values {
  const { row: _, ...kept } = values
  if (act.kind === 'remove') {
    const gone = `${act.prefix}_${act.index}_`
    return Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith(gone)))
  }
  const last = readRows(values, act.prefix, []).at(-1)?.index ?? 0
  return { ...kept, [rowName(act.prefix, last + 1, firstKey)]: '' }
}

const rowValues = <K extends string>(values: Values, prefix: string, index: number, keys: readonly K[]) =>
  Object.fromEntries(keys.map(key => [key, values[rowName(prefix, index, key)] ?? ''])) as Record<K, string>
