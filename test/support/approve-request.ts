import { decide } from '../../src/access/decide.ts'
import { workOff } from './work-off.ts'
import type { World } from './world.ts'

/** What somebody asks for under this account's name is approved by MANAGER01 and worked on. Gives its number. */
export async function approveRequestFor(world: World, account: string): Promise<number> {
  const { id, version } = await world.deps.db
    .selectFrom('accesses')
    .selectAll()
    .where('database_account', '=', account)
    .where('status', '=', 'PROCESSING')
    .executeTakeFirstOrThrow()
  const decided = await decide(world.deps, world.actor('MANAGER01'), [
    { accessId: id, version, disposition: 'APPROVED', comments: '' },
  ])
  if (!decided.ok) throw new Error(JSON.stringify(decided.problem))
  await workOff(world)
  return id
}
