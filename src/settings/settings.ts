import type { DbOrTx } from '../deps.ts'
import { storedSettings } from '../stored-settings.ts'

interface SettingRow {
  default: number
  unit: 'hours' | 'days'
  label: string
  hint: string
  min: number
  max: number
  /** May be left empty, which means never. */
  optional?: true
  /** Comes no sooner than this one. */
  after?: string
}

/** THE table of the intervals that operators set: name → what it means, its bounds and what holds without it. */
export const settingsTable = {
  approval_reminder_hours: {
    default: 48,
    unit: 'hours',
    label: 'Remind approvers after',
    hint: 'The managers are mailed once more when nobody has decided by then.',
    min: 1,
    max: 2160,
  },
  approval_stand_in_hours: {
    default: 72,
    unit: 'hours',
    label: 'Ask stand-ins after',
    hint: 'Managers who stand in for an absent one are asked as well.',
    min: 1,
    max: 2160,
    after: 'approval_reminder_hours',
  },
  approval_escalation_hours: {
    default: 120,
    unit: 'hours',
    label: 'Escalate to operators after',
    hint: 'From then on operators may decide too.',
    min: 1,
    max: 2160,
    after: 'approval_stand_in_hours',
  },
  approval_expiry_hours: {
    default: 336,
    unit: 'hours',
    label: 'Expire after',
    hint: 'A request that nobody has decided is REJECTED by then; silence never approves.',
    min: 1,
    max: 8760,
    after: 'approval_escalation_hours',
  },
  cbn_every_days: {
    default: 365,
    unit: 'days',
    label: 'Begin a re-validation every',
    hint: 'All users confirm the accesses they still need. 0: never by itself.',
    min: 0,
    max: 3650,
  },
  cbn_answer_days: {
    default: 30,
    unit: 'days',
    label: 'Time to answer',
    hint: 'From the beginning of a re-validation to its deadline.',
    min: 1,
    max: 365,
  },
  cbn_suspend_days: {
    default: 7,
    unit: 'days',
    label: 'Suspend unanswered accesses',
    hint: 'This long after the deadline. Empty: never.',
    min: 0,
    max: 365,
    optional: true,
  },
  cbn_remove_days: {
    default: 30,
    unit: 'days',
    label: 'Remove unanswered accesses',
    hint: 'This long after the deadline. Empty: never.',
    min: 0,
    max: 730,
    optional: true,
    after: 'cbn_suspend_days',
  },
} as const satisfies Record<string, SettingRow>

export type SettingName = keyof typeof settingsTable
/** The intervals in force; null: never. */
export type Settings = {
  [N in SettingName]: (typeof settingsTable)[N] extends { optional: true } ? number | null : number
}

export const settingNames = Object.keys(settingsTable) as SettingName[]
export const settingRow = (name: SettingName): SettingRow => settingsTable[name]

/** What holds now: what operators have set, else the default. */
export async function readSettings(db: DbOrTx): Promise<Settings> {
  const stored = await storedSettings(db, settingNames)
  return Object.fromEntries(settingNames.map(name => [name, inForce(name, stored.get(name))])) as Settings
}

function inForce(name: SettingName, stored: string | undefined): number | null {
  const row = settingRow(name)
  if (stored === undefined) return row.default
  if (stored === '') return row.optional ? null : row.default
  return readNumber(name, stored) ?? row.default
}

/** A whole number within the setting's bounds; null for anything else. */
export function readNumber(name: SettingName, text: string): number | null {
  const { min, max } = settingRow(name)
  const number = /^\d{1,6}$/.test(text) ? Number(text) : -1
  return number >= min && number <= max ? number : null
}
