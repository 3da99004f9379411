import type { Row } from '../../db/schema.ts'

export type CampaignState = Row<'campaigns'>['state']
export type PartState = Row<'campaign_parts'>['state']
export type ItemOutcome = Row<'campaign_items'>['outcome']

/** In the order of pictures and lists: what is answered first. */
export const partStates = [
  'CONFIRMED',
  'ENDED',
  'OPEN',
  'SUSPENDED',
  'REMOVED',
] as const satisfies readonly PartState[]

/** Parts that somebody still has to do something about. */
export const unansweredStates = ['OPEN', 'SUSPENDED'] as const satisfies readonly PartState[]

/** How each state of a part is told. */
export const partWords = {
  CONFIRMED: 'confirmed',
  ENDED: 'nothing left to confirm',
  OPEN: 'not answered',
  SUSPENDED: 'suspended',
  REMOVED: 'removed',
} as const satisfies Record<PartState, string>

export const outcomeWords = {
  OPEN: 'not answered',
  CONFIRMED: 'confirmed',
  SUSPENDED: 'suspended',
  REMOVED: 'removed',
} as const satisfies Record<ItemOutcome, string>

/** Days before the deadline on which who has not answered is reminded, the farthest first. */
export const reminderDays = [14, 7, 1] as const

export type Progress = Readonly<Record<PartState, number>>

export const totalOf = (progress: Progress) => partStates.reduce((sum, state) => sum + progress[state], 0)
