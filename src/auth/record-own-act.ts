import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Person } from './sign-in.ts'

/** What persons do about themselves: actor and subject are one. */
export const recordOwnAct = (
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  person: Pick<Person, 'id' | 'role'>,
  verb: string,
  requestId: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> => record(tx, clock, person, verb, { type: 'person', id: person.id }, detail, requestId)
