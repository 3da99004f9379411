import type { Kysely } from 'kysely'
import type { Database, Instant } from '../schema.ts'
import { mainApplication } from './actions.ts'
import { type CastOptions, seedCast } from './cast.ts'
import { addTransferFolderType } from './demo-access-type.ts'
import { type DemoRunbook, demoRunbooks, showLogAction } from './demo-runbooks.ts'

/** Where an asset's application really is on this machine. */
export interface DemoEnvironment {
  asset: string
  url: string
  health: string
  /** {{asset.NAME}} in the runbooks. */
  variables: Readonly<Record<string, string>>
}

export interface DemoOptions extends CastOptions {
  environments: readonly DemoEnvironment[]
}

/** Adds what is missing of the demo and brings addresses up to date; what people changed stays as they left it. */
export async function seedDemo(db: Kysely<Database>, options: DemoOptions): Promise<void> {
  await db.transaction().execute(async tx => {
    await seedCast(tx, options)
    await addShowLogAction(tx)
    for (const environment of options.environments) await updateAsset(tx, environment)
    for (const runbook of demoRunbooks) await offerEverywhere(tx, runbook, options)
    await addTransferFolderType(tx, options.now, addRunbook)
  })
}

async function addShowLogAction(db: Kysely<Database>) {
  await db
    .insertInto('actions')
    .values({
      id: showLogAction.id,
      name: showLogAction.name,
      description: showLogAction.description,
      aliases: JSON.stringify(showLogAction.aliases),
      mode: 'read-only',
      production: 'yes',
      products: JSON.stringify([mainApplication]),
      fields: JSON.stringify(showLogAction.fields),
      sort: 100,
    })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

async function updateAsset(db: Kysely<Database>, { asset, url, health, variables }: DemoEnvironment) {
  const row = await db
    .selectFrom('assets')
    .select('variables')
    .where('id', '=', asset)
    .executeTakeFirstOrThrow()
  const before = JSON.parse(row.variables) as Record<string, string>
  await db
    .updateTable('assets')
    .set({
      application_url: url,
      health_url: health,
      variables: JSON.stringify({ ...before, ...variables }),
    })
    .where('id', '=', asset)
    .execute()
}

/** Only where the action has no runbook and never had the demo's: what an operator took away stays away. */
async function offerEverywhere(db: Kysely<Database>, runbook: DemoRunbook, options: DemoOptions) {
  const known = await db
    .selectFrom('runbooks')
    .select('id')
    .where('name', '=', runbook.name)
    .executeTakeFirst()
  if (known) return
  const id = await addRunbook(db, runbook, options.now)
  await db
    .insertInto('asset_actions')
    .values(
      options.environments.map(({ asset }) => ({
        asset_id: asset,
        action_id: runbook.action,
        runbook_id: id,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

async function addRunbook(
  db: Kysely<Database>,
  runbook: Omit<DemoRunbook, 'action'>,
  now: Instant,
): Promise<number> {
  const { id } = await db
    .insertInto('runbooks')
    .values({ name: runbook.name, description: runbook.description, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('runbook_versions')
    .values({
      runbook_id: id,
      version: 1,
      definition: JSON.stringify(runbook.definition),
      created_by: null,
      created_at: now,
    })
    .execute()
  return id
}
