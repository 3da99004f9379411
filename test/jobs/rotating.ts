import { onTestFinished } from 'vitest'
import type { DatabaseWorld } from '../support/database-accounts.ts'
import { type Program, startProgram } from '../support/program.ts'
import { testMasterKey } from '../support/vault.ts'
import { workOff } from '../support/work-off.ts'

/** Workers of their own go by the machine's clock. */
export const crashing = { env: { LEASE_SECONDS: '5', JOB_INTERVAL: '1', STOP_WAIT: '0' } }

/** A worker as a process of its own; killed with the test at the latest. */
export function startRotatingWorker(world: DatabaseWorld, env: Readonly<Record<string, string>>): Program {
  const program = startProgram('test/jobs/programs/rotating-worker.ts', [], {
    PATH: process.env.PATH ?? '',
    MASTER_KEY: testMasterKey,
    ...world.database.env,
    ...env,
  })
  onTestFinished(async () => {
    program.kill('SIGCONT')
    program.kill('SIGKILL')
    await program.ended()
  })
  return program
}

/** The next worker: everything that is due by now, and what a lost one has left behind. */
export async function recover(world: DatabaseWorld, later = 0): Promise<void> {
  world.clock.set(new Date(Math.max(Date.now(), world.clock.now().getTime()) + later).toISOString())
  await workOff(world)
}

/** Holds the role of an account as somebody who has not committed yet: whoever alters it waits. */
export async function holdRole({ cluster }: DatabaseWorld, name: string) {
  const holder = await cluster.connect('primary')
  await holder.query(`begin; alter role ${name} connection limit 50`)
  let held = true
  return {
    /** What waited goes on after a rollback; after a commit PostgreSQL ends it with an error. */
    release: async (how: 'commit' | 'rollback' = 'rollback') => {
      if (!held) return
      held = false
      await holder.query(how)
      await holder.end()
    },
  }
}

/** Backends of the portal that wait for a lock about an account. */
export const waitingFor = async ({ cluster }: DatabaseWorld, mark: number): Promise<number[]> =>
  (
    await cluster.sql<{ pid: number }>(
      'primary',
      `select pid from pg_stat_activity where application_name = 'gatehouse:${mark}' and wait_event_type = 'Lock'`,
    )
  ).map(row => row.pid)
