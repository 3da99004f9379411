import { createServer, type Server } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../scripts/free-port.ts'
import type {
  Account,
  FoundAccount,
  Provisioner,
  ProvisionerError,
  Target,
} from '../../../src/provisioners/provisioner.ts'
import { Secret } from '../../../src/secret.ts'

/** What an engine's tests give the contract. */
export interface ProvisionerFixture {
  engine: string
  /** A provisioner on the real system; `at` another address with the same trust. */
  open(at?: { host?: string; port?: number }): Provisioner
  /** An account that nobody has yet. */
  account(overrides?: Partial<Account>): Account
  /** Where it can sign in to the standby only; absent: the engine has no standby here. */
  standbyAccount?(overrides?: Partial<Account>): Account
  /** Makes an account of that name by hand, with nothing of ours on it; `ours to change`: the portal may. */
  makeForeign(name: string, may?: 'ours to change'): Promise<void>
  /** Signs in as the account and keeps a session; tells whether it is still alive. Absent: there are none. */
  holdSession?(
    account: Account,
    password: Secret,
  ): Promise<{ isAlive(): Promise<boolean>; end(): Promise<void> }>
  /** All that the system has logged of statements. Absent: it keeps no such log. */
  statementLog?(): Promise<string>
  /** Whether the system itself knows the account, on that server. */
  exists(name: string, on: Target): Promise<boolean>
  /** The kinds of trouble a server can have with TLS; absent: it has no connection of its own. */
  tls?: true
}

const password = new Secret('Zz9%^*_+aB3dE5gH7jK')
const another = new Secret('abcdefghijklmno1')
/** Every character there is, at the greatest length. */
export const everyCharacter = new Secret('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234%^*_+')

/** One text for all engines: what the portal relies on, whatever the system. */
export function provisionerContract(fixture: () => ProvisionerFixture): void {
  const opened: Provisioner[] = []
  const open = (at?: Parameters<ProvisionerFixture['open']>[0]) => {
    const provisioner = fixture().open(at)
    opened.push(provisioner)
    return provisioner
  }
  const proven = async (provisioner: Provisioner, account: Account, secret: Secret) => {
    const position = await provisioner.ensureAccount(account, secret)
    expect(await provisioner.hasReached(position)).toBe(true)
    expect(await provisioner.proves(account, secret)).toBe('proven')
  }
  afterAll(async () => {
    for (const provisioner of opened) await provisioner.close()
  })

  describe('an account', () => {
    test('is made, signs in, and is ours', async () => {
      const provisioner = open()
      const account = fixture().account()
      expect(await provisioner.whoHas(account.name)).toBe('free')
      await proven(provisioner, account, password)
      expect(await provisioner.whoHas(account.name)).toEqual({ mark: account.mark })
      expect(await provisioner.proves(account, another)).toBe('refused')
    })

    test('is made twice as once: after a crash the same again goes on', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      await proven(provisioner, account, another)
      expect(await provisioner.proves(account, password)).toBe('refused')
    })

    test('of somebody else is never taken over', async () => {
      const provisioner = open()
      const account = fixture().account()
      await fixture().makeForeign(account.name)
      expect(await provisioner.whoHas(account.name)).toEqual({ mark: null })
      await expect(provisioner.ensureAccount(account, password)).rejects.toMatchObject(kind('not-ours'))
      await expect(provisioner.dropAccount(account)).rejects.toMatchObject(kind('not-ours'))
      expect(await fixture().exists(account.name, account.target)).toBe(true)
    })

    test('of another access is not taken over either', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      const other = { ...account, mark: account.mark + 1_000_000 }
      await expect(provisioner.ensureAccount(other, another)).rejects.toMatchObject(kind('not-ours'))
      await expect(provisioner.changePassword(other, another)).rejects.toMatchObject(kind('not-ours'))
      expect(await provisioner.proves(account, password)).toBe('proven')
    })

    test('takes a password of every allowed character', async () => {
      await proven(open(), fixture().account(), everyCharacter)
    })
  })

  describe('a password', () => {
    test('is changed, as often as one likes', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      for (const secret of [another, another]) {
        expect(await provisioner.hasReached(await provisioner.changePassword(account, secret))).toBe(true)
        expect(await provisioner.proves(account, secret)).toBe('proven')
      }
      expect(await provisioner.proves(account, password)).toBe('refused')
    })

    test('of an account that is not there can’t be changed', async () => {
      const change = open().changePassword(fixture().account(), password)
      await expect(change).rejects.toMatchObject(kind('missing'))
    })

    test('never stands in the log of the system', async () => {
      const provisioner = open()
      const account = fixture().account()
      const secret = new Secret('NeverInAnyLog12345')
      await proven(provisioner, account, secret)
      await provisioner.changePassword(account, new Secret('NorThisOneEither678'))
      const log = (await fixture().statementLog?.()) ?? account.name
      expect(log).toContain(account.name)
      expect(log).not.toContain('NeverInAnyLog12345')
      expect(log).not.toContain('NorThisOneEither678')
    })
  })

  describe('taking it away', () => {
    test('locked, it can’t sign in; made again, it can', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      await provisioner.lockAccount(account)
      expect(await provisioner.proves(account, password)).toBe('locked')
      await proven(provisioner, account, password)
    })

    test('locked, its sessions end', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      const session = await fixture().holdSession?.(account, password)
      expect(await session?.isAlive()).not.toBe(false)
      await provisioner.lockAccount(account)
      expect(await session?.isAlive()).not.toBe(true)
      await session?.end()
    })

    test('dropped, it is gone with its sessions; dropped again, it stays so', async () => {
      const provisioner = open()
      const account = fixture().account()
      await proven(provisioner, account, password)
      const session = await fixture().holdSession?.(account, password)
      await provisioner.dropAccount(account)
      expect(await session?.isAlive()).not.toBe(true)
      await session?.end()
      expect(await fixture().exists(account.name, account.target)).toBe(false)
      expect(await provisioner.whoHas(account.name)).toBe('free')
      await provisioner.dropAccount(account)
      expect(await provisioner.proves(account, password)).toBe('refused')
    })

    test('what an earlier process was doing can be ended, also when there is nothing', async () => {
      await open().endOwnWork(fixture().account())
    })
  })

  test('production is on the standby', async () => {
    const account = fixture().standbyAccount?.()
    if (!account) return expect(fixture().standbyAccount).toBeUndefined()
    const provisioner = open()
    await proven(provisioner, account, password)
    await provisioner.dropAccount(account)
    expect(await fixture().exists(account.name, 'standby')).toBe(false)
    expect(await fixture().exists(account.name, 'primary')).toBe(false)
  })

  test('every account of ours is listed, as it is', async () => {
    const provisioner = open()
    const [open1, locked1] = [fixture().account(), fixture().account()]
    await proven(provisioner, open1, password)
    await proven(provisioner, locked1, password)
    await provisioner.lockAccount(locked1)
    const found = new Map((await listed(provisioner)).map(one => [one.name, one]))
    expect(found.get(open1.name)).toMatchObject({ mark: open1.mark, locked: false, unexpected: [] })
    expect(found.get(locked1.name)).toMatchObject({ mark: locked1.mark, locked: true })
  })

  test('an operator can take one over', async () => {
    const provisioner = open()
    const account = fixture().account()
    await fixture().makeForeign(account.name, 'ours to change')
    await provisioner.adopt(account.name, account.mark)
    expect(await provisioner.whoHas(account.name)).toEqual({ mark: account.mark })
    await proven(provisioner, account, password)
    await provisioner.dropAccount(account)
  })

  test('says the same of the server, as long as it is the same', async () => {
    const provisioner = open()
    expect(await provisioner.identify()).toEqual(await provisioner.identify())
  })

  test.each([
    ['quotes', `dbsrv_"a'b`],
    ['SQL', `dbsrv_x'; drop table t; --`],
    ['a backslash and a percent sign', 'dbsrv_\\%_'],
    ['another alphabet', 'dbsrv_аdmin'],
  ])('a name with %s harms nothing', async (_what, name) => {
    const provisioner = open()
    const account = fixture().account({ name })
    try {
      await proven(provisioner, account, password)
      await provisioner.dropAccount(account)
    } catch (error) {
      // It may say no, in words; nothing else.
      expect((error as ProvisionerError).name).toBe('ProvisionerError')
    }
    expect(await fixture().exists(name, account.target)).toBe(false)
  })

  describe('trouble with the server', () => {
    test('nobody answers', async () => {
      if (!fixture().tls) return expect(fixture().tls).toBeUndefined()
      const provisioner = open({ port: await freePort() })
      await expect(provisioner.whoHas('dbsrv_x')).rejects.toMatchObject(kind('unreachable'))
    })

    test('it takes the connection and never says a word', { timeout: 60_000 }, async () => {
      if (!fixture().tls) return expect(fixture().tls).toBeUndefined()
      const mute = await listening(() => {})
      await expect(open({ port: mute.port }).whoHas('dbsrv_x')).rejects.toMatchObject(kind('unreachable'))
      mute.server.close()
    })

    test('it hangs up', async () => {
      if (!fixture().tls) return expect(fixture().tls).toBeUndefined()
      const rude = await listening(socket => socket.destroy())
      await expect(open({ port: rude.port }).whoHas('dbsrv_x')).rejects.toMatchObject(kind('unreachable'))
      rude.server.close()
    })
  })
}

export const kind = (word: ProvisionerError['kind']) => ({ name: 'ProvisionerError', kind: word })

export async function listed(provisioner: Provisioner): Promise<FoundAccount[]> {
  const found: FoundAccount[] = []
  for await (const account of provisioner.listAccounts()) found.push(account)
  return found
}

async function listening(
  onConnection: (socket: { destroy(): void }) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}
