import { fold } from '../search-text.ts'

export type Lookup<T> =
  | { kind: 'nothing-typed' }
  | { kind: 'found'; item: T }
  | { kind: 'several'; items: readonly T[] }
  | { kind: 'none' }

/** What was typed, among what may be chosen: an id or name in any case, else an unambiguous beginning of one. */
export function lookUp<T>(
  items: readonly T[],
  typed: string,
  namesOf: (item: T) => readonly string[],
): Lookup<T> {
  const wanted = fold(typed.trim()).replace(/\s+/g, ' ')
  if (wanted === '') return { kind: 'nothing-typed' }
  const named = items.map(item => ({ item, names: namesOf(item).map(fold) }))
  const exact = named.filter(({ names }) => names.includes(wanted))
  const found = exact.length
    ? exact
    : named.filter(({ names }) => names.some(name => name.startsWith(wanted)))
  const [first] = found
  if (!first) return { kind: 'none' }
  return found.length === 1
    ? { kind: 'found', item: first.item }
    : { kind: 'several', items: found.map(f => f.item) }
}

/** For the filter of Select Value: what contains all the words typed. */
export function narrow<T>(
  items: readonly T[],
  filter: string,
  textsOf: (item: T) => readonly string[],
): readonly T[] {
  const words = fold(filter).split(/\s+/).filter(Boolean)
  return items.filter(item => {
    const text = textsOf(item).map(fold).join(' ')
    return words.every(word => text.includes(word))
  })
}

/** "A, B or C", cut short. */
export const orList = (names: readonly string[], most = 6): string => {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} or ${last}`
}
