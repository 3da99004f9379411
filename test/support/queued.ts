import type { CastPersonId } from '../../db/seeds/cast.ts'
import { newId } from '../../src/ids.ts'
import { createRequest } from '../../src/service-requests/create-request.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import { queueRequest } from '../../src/service-requests/queue-request.ts'
import type { TypedRequest } from '../../src/service-requests/understand.ts'
import type { World } from './world.ts'

/** The form of a service request as somebody would fill it in; a restart of 10000-DEV unless told otherwise. */
export const typed = (over: Partial<TypedRequest> = {}): TypedRequest => ({
  requested_start: '',
  requested_zone: 'UTC',
  requested_offset: '',
  target_environment: '10000-DEV',
  requested_action: 'Restart Asset Management Application',
  summary: '',
  own: {},
  ...over,
})

export async function saved(
  world: World,
  over: Partial<TypedRequest> = {},
  person: CastPersonId = 'USER01',
): Promise<number> {
  const form = { ...typed(over), form_key: newId(), copied_from: null }
  const made = await createRequest(world.deps, world.actor(person), form)
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  return made.value
}

export async function queued(
  world: World,
  over: Partial<TypedRequest> = {},
  person: CastPersonId = 'USER01',
): Promise<number> {
  const id = await saved(world, over, person)
  const result = await queueRequest(world.deps, world.actor(person), id)
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return id
}

export const requestNow = (world: World, id: number): Promise<ServiceRequest> =>
  world.deps.db.selectFrom('service_requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

export const statusOf = async (world: World, id: number) => (await requestNow(world, id)).status

/** Verbs of the audit trail about a request, oldest first. */
export const trailOf = async (world: World, id: number): Promise<string[]> =>
  (
    await world.deps.db
      .selectFrom('audit_events')
      .select('verb')
      .where('subject_type', '=', 'service-request')
      .where('subject_id', '=', String(id))
      .orderBy('id')
      .execute()
  ).map(row => row.verb.replace('service-request ', ''))
