import type pg from 'pg'
import { ProvisionerError } from '../provisioner.ts'
import { sqlState } from './failure.ts'

/** All of it, or nothing. */
export async function transaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  try {
    await client.query('begin')
    const done = await work()
    await client.query('commit')
    return done
  } catch (error) {
    // A server that does not answer would not answer this either: it rolls back when the connection ends.
    const answers = sqlState(error) !== null || error instanceof ProvisionerError
    if (answers) await client.query('rollback').catch(() => {})
    throw error
  }
}
