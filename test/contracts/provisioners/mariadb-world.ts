import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { type Connection, createConnection } from 'mariadb'
import { afterAll, beforeAll } from 'vitest'
import type { Limits } from '../../../src/provisioners/mariadb/connection.ts'
import { MariadbProvisioner } from '../../../src/provisioners/mariadb/mariadb-provisioner.ts'
import { accountOf, literal } from '../../../src/provisioners/mariadb/names.ts'
import type { LeastRights } from '../../../src/provisioners/mariadb/rights.ts'
import type { Account, Proof, ServerAccess } from '../../../src/provisioners/provisioner.ts'
import { Secret } from '../../../src/secret.ts'
import { type MovableClock, movableClock } from '../../support/clock.ts'
import type { Flavour } from '../../support/mariadb-flavours.ts'
import { type MariadbPair, startMariadbPair } from '../../support/mariadb-server.ts'
import { quietLog } from '../../support/quiet-log.ts'
import type { ProvisionerFixture } from './contract.ts'

/** What MariaDB and MySQL are told in different words. */
export interface Ways {
  flavour(): Flavour
  rights: LeastRights
  /** Its password was set a hundred days ago. */
  aged(name: string): string
  /** One wrong password blocks it, and what is said of that one; and back. */
  blocking(name: string): { on: string; off: string; said: Proof }
  /** As after a process that ended between CREATE USER and the note of it. */
  unnoted(name: string): string
  /** Holds up whoever changes an account, until `unlock tables`. */
  hold: string
  /** A right that the portal’s account needs, as a statement has it. */
  neededRight: string
  /** Everybody may read the database `other`; and back. */
  everybody: { on: readonly string[]; off: readonly string[]; says: string }
  /** How long a certificate has to hold that the server takes, in milliseconds. */
  certificateFor: number
  /** Which of the client’s messages is the last of a sign-in. */
  lastMessage: number
}

export interface World {
  ways: Ways
  readonly pair: MariadbPair
  clock: MovableClock
  days(count: number): Date
  open(opening?: Opening): MariadbProvisioner
  account(overrides?: Partial<Account>): Account
  standbyAccount(overrides?: Partial<Account>): Account
  signIn(one: Account, password: Secret, on?: Account['target']): Promise<Connection>
  fixture(): ProvisionerFixture
}

interface Opening {
  access?: Partial<ServerAccess>
  limits?: Partial<Limits>
  checkpoint?: (name: string) => Promise<void> | void
}

export const password = new Secret('Zz9%^*_+aB3dE5gH7jK')
export const another = new Secret('AnotherOne123456')
export const adminPassword = 'the portal 4711'

/** A pair of servers with databases and the portal’s account, from before the tests around it until after them. */
export function mariadbWorld(ways: Ways): World {
  let started: MariadbPair | undefined
  let number = 0
  const clock = movableClock(new Date().toISOString())
  beforeAll(async () => {
    started = await startMariadbPair(ways.flavour())
    await prepare(started, ways.rights)
  })
  afterAll(() => started?.stop())

  const access = (changes: Partial<ServerAccess> = {}): ServerAccess => ({
    name: 'main',
    host: world.pair.host,
    port: world.pair.port,
    standby: world.pair.standby,
    adminName: 'gatehouse',
    adminPassword: new Secret(adminPassword),
    trust: { ca: world.pair.authority.certificate, pin: null, standbyPin: null },
    options: {},
    ...changes,
  })
  const world: World = {
    ways,
    clock,
    get pair() {
      if (!started) throw new Error('The servers are there from beforeAll on.')
      return started
    },
    days: count => new Date(clock.now().getTime() + count * 86_400_000),
    open: ({ access: changes, limits, checkpoint } = {}) =>
      new MariadbProvisioner(access(changes), { clock, log: quietLog, environment: {}, checkpoint }, limits),
    account: overrides => {
      number += 1
      return {
        name: `dbsrv_test${number}`,
        mark: number,
        database: 'app',
        group: '10000_dev',
        owners: [],
        readOnly: false,
        target: 'primary',
        validUntil: world.days(372),
        ...overrides,
      }
    },
    standbyAccount: overrides =>
      world.account({ readOnly: true, target: 'standby', group: '10000_prd', ...overrides }),
    signIn: (one, secret, on = one.target) => signIn(world.pair, one, secret, on),
    fixture: () => fixtureOf(world),
  }
  return world
}

/** Least rights: the statements of the help page, and no more. */
async function prepare(pair: MariadbPair, rights: LeastRights): Promise<void> {
  for (const statement of [
    'create database app',
    'create database app_1',
    'create database appX1',
    'create database other',
    'create table app.orders (id int)',
    'create table app_1.things (id int)',
    'create table appX1.things (id int)',
    ...[...rights.statements, ...rights.standby].map(one =>
      one.replace('…', adminPassword).replace(/;$/, ''),
    ),
    'grant select, insert, update, delete on `app\\_1`.* to gatehouse with grant option',
  ])
    await pair.sql('primary', statement)
  await pair.caughtUp()
}

async function signIn(
  pair: MariadbPair,
  one: Account,
  secret: Secret,
  on: Account['target'],
): Promise<Connection> {
  const client = await createConnection({
    ...(on === 'standby' ? pair.standby : { host: pair.host, port: pair.port }),
    user: one.name,
    password: secret.expose(),
    database: one.database,
    ssl: { ca: pair.authority.certificate },
  })
  client.on('error', () => {})
  return client
}

export const isAlive = (client: Connection) =>
  client.query('select 1').then(
    () => true,
    () => false,
  )

const fixtureOf = ({ pair, open, account, standbyAccount, signIn: enter }: World): ProvisionerFixture => ({
  engine: 'mariadb',
  open: at =>
    open({ access: { ...at, ...(at && { standby: null }) }, ...(at && { limits: { connect: 1_000 } }) }),
  account,
  standbyAccount,
  makeForeign: async name =>
    void (await pair.sql('primary', `create user ${accountOf(name)} identified by 'theirs' require ssl`)),
  holdSession: async (one, secret) => {
    const client = await enter(one, secret)
    return { isAlive: () => isAlive(client), end: () => client.end().catch(() => {}) }
  },
  // What goes to the replicas as well.
  statementLog: async () =>
    [
      pair.generalLog('primary'),
      pair.generalLog('standby'),
      JSON.stringify(await pair.sql('primary', 'show binlog events')),
    ].join('\n'),
  exists: async (name, on) =>
    (await pair.sql(on, `select 1 from mysql.user where user = ${literal(name.replaceAll('\\', '\\\\'))}`))
      .length > 0,
  tls: true,
})

/** Passes a connection on, and keeps back what the client sends for the nth time until `meanwhile` is through. */
export async function holdingBack(port: number, nth: number, meanwhile: () => Promise<void>) {
  const done = Promise.withResolvers<boolean>()
  const proxy = createServer(client => {
    const server = connect(port, '127.0.0.1')
    server.pipe(client)
    for (const end of [client, server]) end.on('error', () => {})
    server.on('close', () => client.destroy())
    let count = 0
    client.on('data', async data => {
      count += 1
      if (count === nth) {
        client.pause()
        await meanwhile().then(() => done.resolve(true), done.reject)
        proxy.close()
      }
      server.write(data)
      client.resume()
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return { port: typeof address === 'object' && address ? address.port : 0, done: done.promise }
}
