import { z } from 'zod'
import { ProvisionerError } from '../provisioner.ts'

const seconds = (least: number, most: number) => z.number().min(least).max(most)

export const postgresqlOptions = z.strictObject({
  database: z
    .string()
    .min(1)
    .max(63)
    .default('postgres')
    .describe('Database that the portal’s own account connects to; postgres if nothing is said'),
  connectSeconds: seconds(0.1, 60)
    .default(10)
    .describe('After how long a server that does not answer is given up; 10'),
  answerSeconds: seconds(1, 600).default(60).describe('How long a statement may take; 60'),
  standbySeconds: seconds(0.1, 30)
    .default(3)
    .describe('How long to wait at once for the standby to follow; 3'),
  connectionLimit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Most sessions that an account may have at the same time; any number if nothing is said'),
})

export type PostgresqlOptions = z.infer<typeof postgresqlOptions>

/** As they are stored, with what was left out. */
export function readOptions(stored: Readonly<Record<string, unknown>>): PostgresqlOptions {
  const read = postgresqlOptions.safeParse(stored)
  if (read.success) return read.data
  throw new ProvisionerError(
    'failed',
    'The options of the server are not those of PostgreSQL. Save them again.',
  )
}
