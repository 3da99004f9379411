import { pino } from 'pino'
import type { Row } from '../../db/schema.ts'
import { type CastPersonId, castPersons, seedCast } from '../../db/seeds/cast.ts'
import type { Config } from '../../src/config.ts'
import type { Deps, Engine } from '../../src/deps.ts'
import type { Actor } from '../../src/policy.ts'
import { type MovableClock, movableClock } from './clock.ts'
import { type FreshDatabase, freshDatabase } from './engines.ts'
import { noteTestKey, testMasterKey, testVault } from './vault.ts'

/** Everybody's password in the tests. */
export const testPassword = 'correct horse battery'
/** argon2id of it, as cheap as it can be: most tests begin with signing in. */
const testPasswordHash =
  '$argon2id$v=19$m=8,t=1,p=1$Z2F0ZWhvdXNlLXRlc3RzIQ$f3GnX+CKSAnQSvT94yroh9u1KyGJ3bnkdvVuwI6/FVE'

export interface World {
  deps: Deps
  clock: MovableClock
  engine: Engine
  config: Config
  database: FreshDatabase
  /** How often workers were woken. */
  woken(): number
  /** Topics announced so far, oldest first. */
  announced: string[]
  /** All mails in the outbox, oldest first. */
  mails(): Promise<Row<'mails'>[]>
  /** The person as the one who acts. */
  actor(person: CastPersonId): Actor
  /** As when the process is asked to stop. */
  stop(): void
  close(): Promise<void>
}

export interface WorldOptions {
  /** Options of the configuration, as in the environment. */
  env?: Readonly<Record<string, string>>
  start?: string
}

/** The cast, on a fresh database, with a clock that the test moves. */
export async function createWorld(engine: Engine, options: WorldOptions = {}): Promise<World> {
  const database = await freshDatabase(engine, { env: { MASTER_KEY: testMasterKey, ...options.env } })
  const clock = movableClock(options.start)
  await noteTestKey(database.open.db, clock)
  await seedCast(database.open.db, { now: clock.instant(), passwordHash: () => testPasswordHash })
  const signals = recordedSignals()
  const stopping = new AbortController()
  return {
    deps: {
      db: database.open.db,
      engine,
      config: database.config,
      clock,
      log: pino({ level: 'silent' }),
      vault: testVault(clock, engine),
      stopping: stopping.signal,
      ...signals.deps,
    },
    clock,
    engine,
    config: database.config,
    database,
    woken: signals.woken,
    announced: signals.announced,
    mails: () => database.open.db.selectFrom('mails').selectAll().orderBy('id').execute(),
    actor,
    stop: () => stopping.abort(),
    close: async () => {
      stopping.abort()
      await database.close()
    },
  }
}

/** Within the process, at once, and remembered. */
function recordedSignals() {
  let wakes = 0
  const announced: string[] = []
  const listeners = new Map<string, Set<() => void>>()
  const deps: Pick<Deps, 'wake' | 'announce' | 'listen'> = {
    wake: () => {
      wakes += 1
    },
    announce: topic => {
      announced.push(topic)
      for (const heard of [...(listeners.get(topic) ?? [])]) heard()
    },
    listen: (topic, heard) => {
      const ears = listeners.get(topic) ?? new Set()
      listeners.set(topic, ears.add(heard))
      return () => ears.delete(heard)
    },
  }
  return { deps, announced, woken: () => wakes }
}

function actor(id: CastPersonId): Actor {
  const person = castPersons.find(one => one.id === id)
  if (!person) throw new Error(`${id} is not in the cast.`)
  return {
    id,
    role: person.role,
    name: `${person.first} ${person.last}`,
    managingCustomerId: person.role === 'MANAGER' ? person.customer : null,
    timeZone: null,
  }
}
