import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Row } from '../../db/schema.ts'
import type { Db } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { examineVault } from '../../src/vault/examine-vault.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import { createVault, type Vault, VaultError } from '../../src/vault/vault.ts'
import { movableClock } from '../support/clock.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { masterKey, noteTestKey, testMasterKey, testVault } from '../support/vault.ts'

describe.each(engines)('the vault (%s)', engine => {
  let fresh: FreshDatabase
  let db: Db
  let vault: Vault
  const clock = movableClock()
  beforeEach(async () => {
    fresh = await freshDatabase(engine)
    db = fresh.open.db
    await noteTestKey(db, clock)
    vault = testVault(clock, engine)
  })
  afterEach(() => fresh.close())

  const store = (boundTo: string, text: string) =>
    db.transaction().execute(tx => vault.store(tx, boundTo, new Secret(text)))
  const shown = async (boundTo: string, id: string) => (await vault.open(db, boundTo, id)).expose()
  const rows = () => db.selectFrom('secrets').selectAll().orderBy('bound_to').orderBy('version').execute()
  const change = (id: string, values: Partial<Row<'secrets'>>) =>
    db.updateTable('secrets').set(values).where('id', '=', id).execute()
  const complaint = async (boundTo: string, id: string): Promise<string> =>
    shown(boundTo, id).then(
      text => `opened: ${text}`,
      error => (error instanceof VaultError ? error.message : `${error.stack}`),
    )

  test.each(['hush', '', 'pässwörd 密码 🔑', `'"; drop table secrets --\\`, 'x'.repeat(100_000)])(
    'keeps what is put into it',
    async text => {
      expect(await shown('server:1', await store('server:1', text))).toBe(text)
    },
  )

  test('half a character is refused rather than changed', async () => {
    await expect(store('server:1', 'hush\ud83d')).rejects.toThrow(VaultError)
    expect(await rows()).toEqual([])
  })

  test('nothing of it can be read in the database', async () => {
    const clear = 'correct horse battery'
    await store('server:1', clear)
    const [row] = await rows()
    const text = [row?.ciphertext, row?.wrapped_key].map(bytes => Buffer.from(bytes ?? []).toString('latin1'))
    expect(`${text} ${JSON.stringify(row)}`).not.toContain(clear)
    expect(row).toMatchObject({ bound_to: 'server:1', version: 1, key_id: vault.startedWith })
  })

  test('the same secret twice has nothing in common', async () => {
    await store('server:1', 'hush')
    await store('server:1', 'hush')
    const [one, two] = (await rows()).map(row => ({
      nonce: hex(row.ciphertext).slice(2, 26),
      text: hex(row.ciphertext).slice(58),
      wrapNonce: hex(row.wrapped_key).slice(2, 26),
      wrapped: hex(row.wrapped_key).slice(58),
    }))
    for (const part of ['nonce', 'text', 'wrapNonce', 'wrapped'] as const)
      expect(one?.[part]).not.toBe(two?.[part])
    expect((await rows()).map(row => row.version)).toEqual([1, 2])
  })

  test('it comes out for its own record alone', async () => {
    const id = await store('account:1', 'hush')
    expect(await complaint('account:2', id)).toBe('The secret of account:2 is not in the vault.')
    expect(await complaint('account:1', 'another')).toBe('The secret of account:1 is not in the vault.')
  })

  test('a record forgets all but what it keeps', async () => {
    const ids = [await store('account:1', 'a'), await store('account:1', 'b'), await store('account:1', 'c')]
    const other = await store('account:12', 'd')
    await vault.forget(db, 'account:1', ids.slice(1, 2))
    expect((await rows()).map(row => row.id).sort()).toEqual([ids[1] ?? '', other].sort())
    await vault.forget(db, 'account:1')
    expect((await rows()).map(row => row.id)).toEqual([other])
  })

  describe('of two records, whoever can write to the database swaps', () => {
    let mine: string
    let theirs: string
    beforeEach(async () => {
      mine = await store('account:1', 'mine')
      theirs = await store('account:2', 'theirs')
    })
    const swapped = async (...columns: (keyof Row<'secrets'>)[]) => {
      const [a, b] = await rows()
      if (!a || !b) throw new Error('Two were stored.')
      const of = (row: Row<'secrets'>) => Object.fromEntries(columns.map(column => [column, row[column]]))
      // By way of a third place: ids are unique, and so are record and version.
      await change(a.id, { id: 'aside', bound_to: 'aside' })
      await change(b.id, { ...of(a), bound_to: columns.includes('bound_to') ? a.bound_to : b.bound_to })
      await change('aside', {
        id: columns.includes('id') ? b.id : a.id,
        bound_to: a.bound_to,
        ...of(b),
      })
    }

    test.each<(keyof Row<'secrets'>)[][]>([
      [['ciphertext']],
      [['wrapped_key']],
      [['ciphertext', 'wrapped_key']],
      [['id']],
      [['bound_to']],
      [['id', 'ciphertext']],
      [['id', 'wrapped_key']],
      [['bound_to', 'ciphertext', 'wrapped_key']],
    ])('%j: neither opens', async columns => {
      await swapped(...columns)
      for (const [boundTo, id] of [
        ['account:1', mine],
        ['account:2', theirs],
        ['account:1', theirs],
        ['account:2', mine],
      ] as const) {
        const words = await complaint(boundTo, id)
        expect(words).toMatch(
          /^The secret of account:[12] (can't be opened: it was altered|is not in the vault)/,
        )
        expect(words).not.toMatch(/mine|theirs/)
      }
    })

    test('an older secret of the same record does not pass for a newer one', async () => {
      const newer = await store('account:1', 'newer')
      const [older] = (await rows()).filter(row => row.id === mine)
      if (!older) throw new Error('It was stored.')
      await change(newer, { ciphertext: older.ciphertext, wrapped_key: older.wrapped_key })
      expect(await complaint('account:1', newer)).toMatch(/can't be opened: it was altered/)
    })
  })

  test.each(['ciphertext', 'wrapped_key'] as const)('a flipped bit of its %s is noticed', async column => {
    const id = await store('account:1', 'hush')
    const [row] = await rows()
    for (const at of [0, 1, 13, 29, -1]) {
      const bytes = Buffer.from(row?.[column] ?? [])
      const index = at < 0 ? bytes.length + at : at
      bytes[index] = (bytes[index] ?? 0) ^ 0x80
      await change(id, { [column]: bytes })
      expect(await complaint('account:1', id)).toMatch(/^The secret of account:1 can't be opened: it was /)
    }
  })

  test.each(['ciphertext', 'wrapped_key'] as const)('a newer format of its %s is named', async column => {
    const id = await store('account:1', 'hush')
    const [row] = await rows()
    const bytes = Buffer.from(row?.[column] ?? [])
    bytes[0] = 9
    await change(id, { [column]: bytes })
    expect(await complaint('account:1', id)).toMatch(
      /^The secret of account:1 can't be opened: it was sealed in format 9, which this version of Gatehouse does not know/,
    )
  })

  test('a process with another key is told which key it lacks', async () => {
    const id = await store('account:1', 'hush')
    const key = masterKey(randomBytes(32).toString('base64'))
    const other = createVault(keyRing(key, engine), clock)
    const which = new RegExp(`master key ${vault.startedWith}, which this process does not have`)
    await expect(other.open(db, 'account:1', id)).rejects.toThrow(which)
    await expect(other.store(db, 'account:1', new Secret('hush'))).rejects.toThrow(
      `New secrets are encrypted with the master key ${vault.startedWith}, but this process was started with ${key.id}.`,
    )
    expect(await rows()).toHaveLength(1)
  })

  test('an examination opens everything and names what it can’t', async () => {
    const id = await store('account:1', 'hush')
    await store('account:2', 'hush')
    const key = masterKey(testMasterKey)
    expect(await examineVault(db, engine, key)).toMatchObject({
      standing: { kind: 'current' },
      stored: 2,
      byKey: new Map([[key.id, 2]]),
      closed: [],
    })
    await change(id, { ciphertext: randomBytes(60) })
    expect((await examineVault(db, engine, key)).closed).toEqual([
      { boundTo: 'account:1', reason: expect.stringMatching(/^The secret of account:1 can't be opened: /) },
    ])
    const stranger = await examineVault(db, engine, masterKey(randomBytes(32).toString('base64')))
    expect(stranger).toMatchObject({ standing: { kind: 'stranger' }, stored: 2 })
    expect(stranger.closed).toHaveLength(2)
    expect(await examineVault(db, engine, null)).toMatchObject({ standing: undefined, stored: 2 })
  })
})

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
