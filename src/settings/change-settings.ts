import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, ok, type Result } from '../result.ts'
import { replaceSetting, storedSettings, storeIfAbsent, storeSetting } from '../stored-settings.ts'
import {
  readNumber,
  readSettings,
  type SettingName,
  type Settings,
  settingNames,
  settingRow,
} from './settings.ts'

const versionName = 'settings version'

/** Grows with every change; a form sends the one it was drawn with. */
export const settingsVersion = async (db: DbOrTx): Promise<string> =>
  (await storedSettings(db, [versionName])).get(versionName) ?? '0'

/** What was typed, as settings, or what is wrong with it. */
export function readTyped(typed: Readonly<Record<string, string>>): Result<Settings> {
  const read = settingNames.map(name => [name, readOne(name, typed[name]?.trim() ?? '')] as const)
  const errors = Object.fromEntries(
    read.flatMap(([name, one]) => ('error' in one ? [[name, one.error]] : [])),
  )
  const settings = Object.fromEntries(
    read.flatMap(([name, one]) => ('value' in one ? [[name, one.value]] : [])),
  ) as unknown as Settings
  const wrong = { ...wrongOrder(settings), ...errors }
  return Object.keys(wrong).length > 0 ? invalid(wrong) : ok(settings)
}

/** Takes effect at once: whatever is due by the new intervals is done with the next look at it. */
export async function changeSettings(
  deps: Deps,
  actor: Actor,
  seenVersion: string,
  settings: Settings,
): Promise<Result<void>> {
  if (!can(actor, 'administration.use')) return forbidden('Only operators change settings.')
  return deps.db.transaction().execute(async tx => {
    await storeIfAbsent(tx, versionName, '0')
    const next = String(Number(seenVersion) + 1)
    if (!(await replaceSetting(tx, versionName, seenVersion, next))) return conflict(changedMeanwhile)
    const changes = changesOf(await readSettings(tx), settings)
    for (const name of Object.keys(changes) as SettingName[]) await store(tx, name, settings[name])
    if (Object.keys(changes).length > 0)
      await record(tx, deps.clock, actor, 'settings changed', { type: 'setting', id: 'intervals' }, changes)
    return ok(undefined)
  })
}

const changedMeanwhile =
  'Another operator has changed the settings meanwhile. What you typed is kept; what is stored now stands beside each field. Look at both, then save again.'

const store = (tx: Tx, name: SettingName, value: number | null) =>
  storeSetting(tx, name, value === null ? '' : String(value))

function readOne(name: SettingName, typed: string): { value: number | null } | { error: string } {
  const { min, max, unit, optional } = settingRow(name)
  if (typed === '' && optional) return { value: null }
  const value = readNumber(name, typed)
  if (value !== null) return { value }
  const never = optional ? ', or leave it empty for never' : ''
  return { error: `Type a whole number of ${unit} from ${min} to ${max}${never}.` }
}

/** What comes after something else can't be due before it. */
function wrongOrder(settings: Partial<Settings>): FieldErrors {
  const errors: Record<string, string> = {}
  for (const name of settingNames) {
    const { after, label } = settingRow(name)
    const earlier = after === undefined ? undefined : (after as SettingName)
    if (earlier === undefined) continue
    const [mine, before] = [settings[name], settings[earlier]]
    if (typeof mine === 'number' && typeof before === 'number' && mine < before)
      errors[name] = `“${label}” can’t come before “${settingRow(earlier).label}” (${before}).`
  }
  return errors
}
