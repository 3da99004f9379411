import { describe, expect, test } from 'vitest'
import type { PersonAccess } from '../../src/access/access-queries.ts'
import { readEndsOn } from '../../src/access/ends-on.ts'
import { cut } from '../../src/access/manage-access-query.ts'
import { adoptOrphans } from '../../src/access/settle-staged.ts'
import { applyAct } from '../../src/access/stage-act.ts'
import {
  addAccess,
  addAsset,
  countStaged,
  dropAsset,
  nothingStaged,
  readStaged,
  rekey,
  toFields,
} from '../../src/access/staged-changes.ts'

const saved = (id: number, asset_id: string, over: Partial<PersonAccess> = {}) =>
  ({ id, asset_id, status: 'APPROVED', version: 3, ...over }) as PersonAccess

const staged = {
  assets: [{ index: 1, asset: '10000-TST' }],
  accesses: [
    {
      index: 2,
      on: '10000-TST',
      type: 'CCC',
      justification: 'Month\nend',
      ends_on: '',
      account: '',
      ok: 'x',
      seen: '10000',
    },
  ],
  removals: [{ id: 7, version: 3 }],
  edits: [{ id: 8, version: 2, justification: 'Year end' }],
  deleted: ['10000-DEV'],
}

describe('what is staged on Manage Access', () => {
  test('is the same as fields of a form', () => {
    expect(readStaged(toFields(staged))).toEqual(staged)
    expect(readStaged({})).toEqual(nothingStaged)
    expect(countStaged(staged)).toBe(4)
  })

  test('takes up its own fields only', () => {
    const strange = {
      csrf: 'x',
      do: 'save',
      remove_0: '1',
      remove_1e3: '1',
      'remove_-1': '1',
      [`remove_${'9'.repeat(40)}`]: '1',
      assets_0_asset: 'x',
      assets_12345_asset: 'x',
      accesses_1_type: 'without the asset it is on',
      'deleted_../x': 'yes',
      __proto__: 'x',
    }
    expect(readStaged(strange)).toEqual(nothingStaged)
    expect(readStaged({ remove_5: 'now', justification_5: 'a\0b' })).toMatchObject({
      removals: [{ id: 5, version: 0 }],
      edits: [{ id: 5, version: 0, justification: 'ab' }],
    })
  })

  test('rows are numbered on, and go with the asset they are on', () => {
    const one = addAsset(nothingStaged)
    const two = addAsset(addAccess(one.staged, one.key))
    expect([one.key, two.key]).toEqual(['new-1', 'new-2'])
    const known = rekey(two.staged, 'new-1', '10000-DEV')
    expect(known.accesses.map(row => row.on)).toEqual(['10000-DEV'])
    expect(dropAsset(known, 1, '10000-DEV')).toEqual({ ...nothingStaged, assets: [{ index: 2, asset: '' }] })
  })

  test('an access whose asset’s row is gone gets one again', () => {
    const adopted = adoptOrphans(staged, [saved(7, '10000-DEV')])
    expect(adopted).toEqual(staged)
    const orphans = adoptOrphans({ ...staged, assets: [] }, [])
    expect(orphans.assets).toEqual([{ index: 1, asset: '10000-TST' }])
    const unknown = adoptOrphans(addAccess(addAccess(nothingStaged, 'new-9'), 'new-9'), [])
    expect(unknown.assets).toEqual([{ index: 1, asset: '' }])
    expect(unknown.accesses.map(row => row.on)).toEqual(['new-1', 'new-1'])
  })
})

describe('the buttons', () => {
  const accesses = [
    saved(7, '10000-DEV'),
    saved(8, '10000-DEV', { status: 'REMOVED' }),
    saved(9, '10000-PRD'),
  ]
  const at = { staged: nothingStaged, selected: '10000-DEV' }

  test('deleting an asset’s row stages what can be removed on it, and taking it back takes all of it back', () => {
    const deleted = applyAct(at, 'delete asset 10000-DEV', accesses)
    expect(deleted.staged).toMatchObject({ removals: [{ id: 7, version: 3 }], deleted: ['10000-DEV'] })
    expect(applyAct(deleted, 'take-back asset 10000-DEV', accesses).staged).toEqual(nothingStaged)
    // Taking one of them back leaves the asset where it is.
    expect(applyAct(deleted, 'take-back 7', accesses).staged).toEqual(nothingStaged)
  })

  test('a removal takes the place of a Justification that was being changed', () => {
    const changing = {
      ...at,
      staged: { ...nothingStaged, edits: [{ id: 7, version: 3, justification: 'x' }] },
    }
    expect(applyAct(changing, 'remove 7 3', accesses).staged).toEqual({
      ...nothingStaged,
      removals: [{ id: 7, version: 3 }],
    })
  })

  test.each(['', 'keep', 'save', 'remove', 'remove x', 'ok', 'take-back asset nowhere', 'delete access 5'])(
    '“%s” changes nothing',
    words => {
      expect(applyAct(at, words, accesses)).toMatchObject(at)
    },
  )
})

describe('Ends on', () => {
  const now = new Date('2026-03-28T23:30:00.000Z')
  test.each([
    ['', 'UTC', { kind: 'never' }],
    ['2026-03-28', 'UTC', { kind: 'until', ends_on: '2026-03-28', ends_at: '2026-03-29T00:00:00.000Z' }],
    // The day of the change to summer time has 23 hours.
    [
      '2026-03-29',
      'Europe/Berlin',
      { kind: 'until', ends_on: '2026-03-29', ends_at: '2026-03-29T22:00:00.000Z' },
    ],
    ['2026-03-28', 'Europe/Berlin', { kind: 'wrong' }],
    ['2026-02-30', 'UTC', { kind: 'wrong' }],
    ['29.03.2026', 'UTC', { kind: 'wrong' }],
  ])('%s in %s', (typed, zone, wanted) => {
    expect(readEndsOn(typed, zone, now)).toMatchObject(wanted)
  })
})

test('pages count what was added below the saved rows', () => {
  const rows = Array.from({ length: 45 }, (_, i) => i)
  const words = (asked: string | undefined, added: number, place?: number) => {
    const { from, to, total, previous, next } = cut(rows, asked, 20, added, place)
    return [from, to, total, previous, next]
  }
  expect(words(undefined, 0)).toEqual([1, 20, 45, null, 2])
  expect(words('3', 2)).toEqual([41, 47, 47, 2, null])
  expect(words('99', 0)).toEqual([41, 45, 45, 2, null])
  expect(words('x', 0, 25)).toEqual([21, 40, 45, 1, 3])
  expect(cut([], undefined, 20, 0)).toMatchObject({ from: 0, to: 0, total: 0 })
  expect(cut([], undefined, 20, 1)).toMatchObject({ from: 1, to: 1, total: 1 })
})
