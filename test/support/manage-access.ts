import type { Row } from '../../db/schema.ts'
import { countStaged, readStaged } from '../../src/access/staged-changes.ts'
import { paths } from '../../src/paths.ts'
import type { Agent, Filling } from './agent.ts'
import type { ShownPage } from './shown-page.ts'
import type { World } from './world.ts'

/** Presses a button of Manage Access by what it asks for: both tables have a New Row. */
export async function stage(
  agent: Agent,
  at: string | ShownPage,
  act: string,
  filling: Filling = {},
): Promise<ShownPage> {
  const page = typeof at === 'string' ? await agent.get(at) : at
  const { action, fields } = page.formWith('Save', Object.keys(filling)).filled(filling)
  return agent.post(action, { ...fields, do: act })
}

export interface WantedAccess {
  asset: string
  type: string
  justification?: string
  /** Last day, as the browser sends it. */
  until?: string
}

/** New Row, New Row, filled in and not saved: as a person does it, for one access after the other. */
export async function typeAccesses(
  agent: Agent,
  person: string,
  ...wanted: readonly WantedAccess[]
): Promise<ShownPage> {
  let page = await agent.get(paths.manageAccess(person))
  for (const { asset, type, justification = 'Month end', until = '' } of wanted) {
    page = await stage(agent, page, 'add asset')
    page = await stage(agent, page, 'add access', { Asset: asset })
    page = await stage(agent, page, 'keep', {
      'Access Type': type,
      Justification: justification,
      'Ends on': until,
    })
  }
  return page
}

export const requestOn = async (agent: Agent, person: string, ...wanted: readonly WantedAccess[]) =>
  stage(agent, await typeAccesses(agent, person, ...wanted), 'save')

/** All accesses of a person, oldest first. */
export const accessesOf = (world: World, person: string): Promise<Row<'accesses'>[]> =>
  world.deps.db.selectFrom('accesses').selectAll().where('person_id', '=', person).orderBy('id').execute()

/** "10000-TST self-service-portal PROCESSING" for each. */
export const accessWordsOf = async (world: World, person: string): Promise<string[]> =>
  (await accessesOf(world, person)).map(a => `${a.asset_id} ${a.access_type} ${a.status}`)

/** Who has staged something. */
export const draftsIn = async (world: World): Promise<string[]> => {
  const rows = await world.deps.db.selectFrom('access_drafts').select(['actor_id', 'fields']).execute()
  return rows.filter(row => countStaged(readStaged(JSON.parse(row.fields))) > 0).map(row => row.actor_id)
}

export const ASSETS = 'Assets table'
export const ACCESSES = 'Specific Access in the Environment table'

/** What the cells of a table say, without the words of its buttons; opened details are left out. */
export const rowsOf = (page: ShownPage, table: string): string[][] =>
  page
    .table(table)
    .filter(row => row.length > 1)
    .map(row => (table === ASSETS ? row.slice(0, 2) : row.slice(1, 5)))
