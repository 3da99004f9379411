import type { Row } from '../../db/schema.ts'
import { findPerson } from '../../src/people/queries.ts'
import { type PersonChange, savePerson } from '../../src/people/save-person.ts'
import type { Actor } from '../../src/policy.ts'
import type { World } from './world.ts'

/** A person as they are now. */
export async function personNow(world: World, id: string): Promise<Row<'persons'>> {
  const person = await findPerson(world.deps.db, id)
  if (!person) throw new Error(`There is no person ${id}.`)
  return person
}

/** The person as the one who acts, with the rights of now. */
export async function actorNow(world: World, id: string): Promise<Actor> {
  const person = await personNow(world, id)
  return {
    id,
    role: person.role,
    name: person.display_name,
    managingCustomerId: person.managing_customer_id,
    timeZone: person.time_zone,
  }
}

/** Person Information as it would be drawn now, with some of it changed. */
export async function filledIn(
  world: World,
  id: string,
  changed: Partial<PersonChange> = {},
): Promise<PersonChange> {
  const { version, first_name, last_name, display_name, primary_email, role } = await personNow(world, id)
  return {
    version,
    first_name,
    last_name,
    display_name,
    primary_email,
    role,
    remove_customers: [],
    ...changed,
  }
}

/** Opens somebody's Person Information, changes some of it and saves. */
export const saveAs = async (world: World, actor: string, id: string, changed: Partial<PersonChange>) =>
  savePerson(world.deps, await actorNow(world, actor), id, await filledIn(world, id, changed))

/** The Customer Access List, whole. */
export async function customersNow(world: World, id: string): Promise<string[]> {
  const rows = await world.deps.db
    .selectFrom('customer_access')
    .select('customer_id')
    .where('person_id', '=', id)
    .orderBy('customer_id')
    .execute()
  return rows.map(row => row.customer_id)
}

/** Audit verbs about a person, oldest first. */
export async function trailOf(world: World, id: string): Promise<string[]> {
  const rows = await world.deps.db
    .selectFrom('audit_events')
    .select('verb')
    .where('subject_type', '=', 'person')
    .where('subject_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(row => row.verb)
}
