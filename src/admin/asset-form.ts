import { filledRows, rowName, toRows } from '../../views/admin/row-fields.ts'
import type { AssetFacts } from '../assets/assets.ts'
import type { ChosenOffer } from '../assets/offers.ts'
import type { Asset, offerRows } from '../assets/queries.ts'
import type { FieldErrors } from '../result.ts'
import { firstErrors } from './fields.ts'
import { AssetForm, AssetId } from './forms.ts'

type Values = Readonly<Record<string, string>>
type Read<T> = ({ ok: true } & T) | { ok: false; errors: FieldErrors }

export function readAsset(values: Values): Read<{ facts: AssetFacts }> {
  const parsed = AssetForm.safeParse(values)
  const { variables, errors } = readVariables(values)
  if (parsed.success && Object.keys(errors).length === 0)
    return { ok: true, facts: { ...parsed.data, variables } }
  return { ok: false, errors: { ...(parsed.success ? {} : firstErrors(parsed.error)), ...errors } }
}

export function readNewAsset(values: Values): Read<{ id: string; facts: AssetFacts }> {
  const id = AssetId.safeParse(values)
  const read = readAsset(values)
  if (id.success && read.ok) return { ok: true, id: id.data.id, facts: read.facts }
  return {
    ok: false,
    errors: { ...(id.success ? {} : firstErrors(id.error)), ...(read.ok ? {} : read.errors) },
  }
}

function readVariables(values: Values) {
  const variables: Record<string, string> = {}
  const errors: Record<string, string> = {}
  for (const { index, values: row } of filledRows(values, 'variable', ['name', 'value'])) {
    const name = row.name.trim()
    const wrong = wrongName(name, variables)
    if (wrong) errors[rowName('variable', index, 'name')] = wrong
    else if (row.value.length > 2000)
      errors[rowName('variable', index, 'value')] = 'Use at most 2000 characters.'
    else variables[name] = row.value
  }
  return { variables, errors }
}

function wrongName(name: string, before: Readonly<Record<string, string>>): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,59}$/.test(name))
    return 'Give the variable a name of letters, digits and _, not beginning with a digit.'
  if (name === 'id' || name === '__proto__') return `${name} is the asset’s own. Choose another name.`
  return Object.hasOwn(before, name) ? `There are two variables called ${name}. Remove one of them.` : null
}

/** The stored asset as the fields of the form. */
export const assetValues = (asset: Asset): Values => ({
  description: asset.description,
  class: asset.class,
  product: asset.product,
  time_zone: asset.time_zone,
  status: asset.status,
  application_url: asset.application_url ?? '',
  health_url: asset.health_url ?? '',
  ...toRows(
    'variable',
    Object.entries(asset.variables).map(([name, value]) => ({ name, value })),
  ),
})

type OfferRow = Awaited<ReturnType<typeof offerRows>>[number]

/** What the form says of every action it showed. */
export const readOffers = (values: Values): Map<string, ChosenOffer> =>
  new Map(
    Object.entries(values)
      .filter(([name]) => name.startsWith('runbook_'))
      .map(([name, runbook]) => {
        const action = name.slice('runbook_'.length)
        return [
          action,
          {
            runbookId: runbook === '' ? null : /^\d{1,15}$/.test(runbook) ? Number(runbook) : 0,
            productionAllowed: values[`production_${action}`] === 'yes',
          },
        ]
      }),
  )

export const offerValues = (offers: readonly OfferRow[]): Values =>
  Object.fromEntries(
    offers.flatMap(offer => [
      [`runbook_${offer.action_id}`, offer.runbook_id === null ? '' : String(offer.runbook_id)],
      [`production_${offer.action_id}`, offer.production_allowed === 1 ? 'yes' : ''],
    ]),
  )
