import { z } from 'zod'
import type { AssetDatabaseFacts } from '../database-accounts/asset-database-verbs.ts'
import { isTimeOfDay } from '../database-accounts/automatic-reset.ts'
import type { AssetDatabase } from '../database-accounts/servers.ts'
import type { FieldErrors } from '../result.ts'
import { firstErrors, line } from './fields.ts'

type Values = Readonly<Record<string, string>>

const mostOwners = 50

const AssetDatabaseForm = z.object({
  server_id: z
    .string('Choose the database server.')
    .regex(/^[1-9]\d{0,14}$/, 'Choose the database server.')
    .transform(Number),
  database_name: line('Type the name of the database on that server.', 63),
  group_name: z
    .string()
    .default('')
    .transform(text => text.trim())
    .pipe(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'Use 1 to 40 small letters, digits and _, such as 10000_dev.'),
    ),
  owners: z
    .string()
    .default('')
    .transform(text =>
      [...new Set(text.split('\n').map(owner => owner.trim()))].filter(owner => owner !== ''),
    )
    .pipe(
      z
        .array(
          z
            .string()
            .max(63, 'Use at most 63 characters for each owner.')
            .regex(/^\P{Cc}*$/u, 'Write each owner on a line of its own, without control characters.'),
        )
        .max(mostOwners, `Name at most ${mostOwners} owners.`),
    ),
  reset_at: z
    .string()
    .default('')
    .transform(text => text.trim())
    .pipe(z.string().refine(isTimeOfDay, 'Use a time of day like 02:00, from 00:00 to 23:59.')),
})

/** null: it has no database. */
export type ReadDatabase = { ok: true; facts: AssetDatabaseFacts | null } | { ok: false; errors: FieldErrors }

export function readAssetDatabase(values: Values): ReadDatabase {
  if (values.server_id === 'none') return { ok: true, facts: null }
  const read = AssetDatabaseForm.safeParse(values)
  return read.success ? { ok: true, facts: read.data } : { ok: false, errors: firstErrors(read.error) }
}

/** Names the groups on the server, where an operator names none: the asset's id, in small letters. */
export const groupNameOf = (assetId: string) =>
  assetId
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, 40)

/** What is stored as the fields of the form, or what a new one begins with. */
export const databaseValues = (assetId: string, database: AssetDatabase | undefined): Values =>
  database
    ? {
        server_id: String(database.server_id),
        database_name: database.database_name,
        group_name: database.group_name,
        owners: (JSON.parse(database.owners) as string[]).join('\n'),
        reset_at: database.reset_at,
      }
    : { group_name: groupNameOf(assetId), reset_at: '02:00' }
