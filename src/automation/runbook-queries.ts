import type { DbOrTx } from '../deps.ts'

/** All runbooks, with their newest version and on how many assets they are used. */
export const runbookList = (db: DbOrTx) =>
  db
    .selectFrom('runbooks')
    .select(eb => [
      'runbooks.id',
      'runbooks.name',
      'runbooks.description',
      'runbooks.status',
      eb
        .selectFrom('runbook_versions')
        .whereRef('runbook_id', '=', 'runbooks.id')
        .select(e => e.fn.max('version').as('version'))
        .$asScalar()
        .as('version'),
      eb
        .selectFrom('asset_actions')
        .whereRef('runbook_id', '=', 'runbooks.id')
        .select(e => e.fn.count<number>('asset_id').distinct().as('assets'))
        .$asScalar()
        .$notNull()
        .as('assets'),
    ])
    .orderBy('runbooks.name')
    .orderBy('runbooks.id')
    .execute()

export const findRunbook = (db: DbOrTx, id: number) =>
  db.selectFrom('runbooks').selectAll().where('id', '=', id).executeTakeFirst()

/** Newest first. */
export const runbookVersions = (db: DbOrTx, runbookId: number) =>
  db
    .selectFrom('runbook_versions')
    .leftJoin('persons', 'persons.id', 'runbook_versions.created_by')
    .where('runbook_id', '=', runbookId)
    .orderBy('runbook_versions.version', 'desc')
    .select([
      'runbook_versions.id',
      'runbook_versions.version',
      'runbook_versions.definition',
      'runbook_versions.created_at',
      'persons.display_name as created_by_name',
    ])
    .execute()

/** Where a runbook is used: asset and action. */
export const usesOfRunbook = (db: DbOrTx, runbookId: number) =>
  db
    .selectFrom('asset_actions')
    .innerJoin('actions', 'actions.id', 'asset_actions.action_id')
    .where('runbook_id', '=', runbookId)
    .orderBy('asset_id')
    .orderBy('actions.sort')
    .limit(500)
    .select(['asset_actions.asset_id', 'actions.id as action_id', 'actions.name as action_name'])
    .execute()
