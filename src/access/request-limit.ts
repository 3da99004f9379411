import { after, hours } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, isOperator } from '../policy.ts'

/** Each one mails everybody who may decide: several full forms an hour, but no flood. */
export const mostRequestsAnHour = 300

const asking = ['access requested', 'access changed'] as const

/** Why somebody can't have so many more requests decided now; null when they can. Their row is held. */
export async function whyNotSoMany(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  actor: Actor,
  more: number,
): Promise<string | null> {
  if (more === 0 || isOperator(actor)) return null
  const { asked } = await tx
    .selectFrom('audit_events')
    .where('actor_id', '=', actor.id)
    .where('verb', 'in', [...asking])
    .where('at', '>', after(clock.now(), -hours(1)))
    .select(eb => eb.fn.countAll<number>().as('asked'))
    .executeTakeFirstOrThrow()
  if (Number(asked) + more <= mostRequestsAnHour) return null
  return `You have requested or changed ${asked} accesses in the last hour, and ${mostRequestsAnHour} are the most. Nothing was saved: what you staged is kept, so save it later.`
}
