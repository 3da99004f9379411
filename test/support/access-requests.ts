import type { CastPersonId } from '../../db/seeds/cast.ts'
import { askForDecision } from '../../src/access/ask-for-decision.ts'
import { type Access, type AccessChanges, changeAccess } from '../../src/access/change-access.ts'
import { addAccess } from './accesses.ts'
import type { World } from './world.ts'

/** An access request as it stands after Save, with the mails that go out: USER02's for 10000-DEV unless told otherwise. */
export const requestAccess = (world: World, over: Parameters<typeof addAccess>[1] = {}): Promise<number> =>
  world.deps.db.transaction().execute(async tx => {
    const id = await addAccess({ ...world.deps, db: tx }, over)
    await askForDecision(tx, world.deps, { id })
    return id
  })

/** Somebody changes the Justification while it waits. */
export async function editRequest(world: World, id: number, by: CastPersonId, justification: string) {
  await world.deps.db.transaction().execute(async tx => {
    const access = await tx.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const edit = { justification, edited_by: by, edited_at: world.clock.instant() }
    if (!(await changeAccess(tx, access, edit))) throw new Error('Somebody else was quicker.')
    await askForDecision(tx, world.deps, access)
  })
}

export const accessNow = (world: World, id: number): Promise<Access> =>
  world.deps.db.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Sets columns past all rules. */
export const setAccess = (world: World, id: number, changes: AccessChanges) =>
  world.deps.db.updateTable('accesses').set(changes).where('id', '=', id).execute()

/** The path of the newest decision link mailed to this person. */
export async function decisionLinkOf(world: World, person: CastPersonId): Promise<string> {
  const mail = (await world.mails()).findLast(one => one.to_person === person && one.link !== null)
  if (!mail?.link) throw new Error(`${person} got no link.`)
  return mail.link.replace(world.config.PUBLIC_URL, '')
}

/** Verbs of the audit trail about an access, oldest first. */
export const accessTrail = async (world: World, id: number): Promise<string[]> =>
  (
    await world.deps.db
      .selectFrom('audit_events')
      .select('verb')
      .where('subject_type', '=', 'access')
      .where('subject_id', '=', String(id))
      .orderBy('id')
      .execute()
  ).map(row => row.verb.replace('access ', ''))

/** Away from now on, for a month. */
export async function goAway(world: World, person: CastPersonId, standIn: CastPersonId): Promise<void> {
  const now = world.clock.instant()
  await world.deps.db
    .insertInto('absences')
    .values({
      person_id: person,
      stand_in_id: standIn,
      from_at: now,
      until_at: new Date(Date.parse(now) + 30 * 86_400_000).toISOString(),
      created_at: now,
    })
    .execute()
}
