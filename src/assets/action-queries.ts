import type { DbOrTx } from '../deps.ts'

/** All actions, in their order, and on how many assets each has a runbook. */
export const actionList = (db: DbOrTx) =>
  db
    .selectFrom('actions')
    .selectAll()
    .select(eb =>
      eb
        .selectFrom('asset_actions')
        .whereRef('asset_actions.action_id', '=', 'actions.id')
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('assets'),
    )
    .orderBy('sort')
    .orderBy('name')
    .execute()

export const findAction = (db: DbOrTx, id: string) =>
  db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst()

export const assetsOffering = (db: DbOrTx, actionId: string, limit = 500) =>
  db
    .selectFrom('asset_actions')
    .innerJoin('runbooks', 'runbooks.id', 'asset_actions.runbook_id')
    .where('action_id', '=', actionId)
    .orderBy('asset_id')
    .limit(limit)
    .select(['asset_id', 'runbook_id', 'runbooks.name as runbook_name'])
    .execute()
