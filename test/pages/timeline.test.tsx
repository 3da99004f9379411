import { parse } from 'node-html-parser'
import { describe, expect, test } from 'vitest'
import { Timeline } from '../../views/ui/timeline.tsx'

const at = (n: number) => new Date(Date.UTC(2026, 2, 1, 0, n)).toISOString()
const item = (n: number) => ({ at: at(n), what: `Act ${n}` })
const upTo = (n: number) => Array.from({ length: n }, (_, index) => item(index + 1))

function drawn(items: ReturnType<typeof upTo>) {
  const root = parse(String(<Timeline items={items} zone="UTC" label="History" />))
  const acts = (within: string) => root.querySelectorAll(`${within} .timeline-what`).map(one => one.text)
  return {
    folds: root.querySelectorAll('summary').map(one => one.text),
    all: acts(''),
    folded: acts('details'),
    names: root.querySelectorAll('ol').map(one => one.getAttribute('aria-label')),
  }
}

describe('A history', () => {
  test('of twenty entries is all there', () => {
    const { folds, all } = drawn(upTo(20))
    expect([folds, all.length]).toEqual([[], 20])
  })

  test('that is longer folds the earlier ones, before the others', () => {
    const { folds, all, folded, names } = drawn(upTo(23))
    expect(folds).toEqual(['3 earlier'])
    expect(folded).toEqual(['Act 1', 'Act 2', 'Act 3'])
    expect(all).toEqual(upTo(23).map(one => one.what))
    expect(names).toEqual(['History, earlier', 'History'])
  })

  test('or after them, where the newest comes first', () => {
    const { all, folded, names } = drawn(upTo(23).toReversed())
    expect(folded).toEqual(['Act 3', 'Act 2', 'Act 1'])
    expect(all.slice(0, 2)).toEqual(['Act 23', 'Act 22'])
    expect(names).toEqual(['History', 'History, earlier'])
  })
})
