import { z } from 'zod'
import type { TypedRequest } from './understand.ts'

const text = z.string().default('')

/** The form of a service request, as it is sent; the action's own fields beside it. */
export const RequestForm = z
  .object({
    requested_start: text,
    requested_zone: text,
    requested_offset: text,
    target_environment: text,
    requested_action: text,
    summary: text,
    /** New requests: the same for every submit of the same form. */
    form_key: z.string().max(100).catch(''),
    copied_from: text,
    /** Saved ones: which, and the version that the form was drawn with. */
    request: text,
    version: text,
    filter: z
      .string()
      .catch('')
      .transform(typed => typed.slice(0, 200)),
  })
  .catchall(z.union([z.string(), z.array(z.string())]))

export type SentRequest = z.infer<typeof RequestForm>

const OWN = /^field_[a-z][a-z0-9_]{0,39}$/

/** What is the person's own in it. */
export const typedFrom = (sent: SentRequest): TypedRequest => ({
  requested_start: sent.requested_start,
  requested_zone: sent.requested_zone || 'UTC',
  requested_offset: sent.requested_offset,
  target_environment: sent.target_environment,
  requested_action: sent.requested_action,
  summary: sent.summary,
  own: Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) =>
      OWN.test(name) ? [[name, (Array.isArray(value) ? value.at(-1) : value) ?? '']] : [],
    ),
  ),
})

export const ReasonForm = z.object({ reason: text, version: text })

/** "Now or another time", after a Requested Start that has passed. */
export const StartForm = z.object({
  when: z.enum(['now', 'other'], { error: 'Choose when it should start.' }),
  requested_start: text,
  requested_zone: text,
  requested_offset: text,
  version: text,
})

export const NoteForm = z.object({
  summary: text,
  details: text,
  viewable: text,
  /** Operators get the checkbox; an unticked one sends nothing. */
  offers_viewable: text,
})
