import pg from 'pg'
import { inject } from 'vitest'

/** A short connection to the test server, outside every test's own database. */
export async function withPostgres(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('postgres').replace('DATABASE', 'postgres') })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}
