import type { AssetClass } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { tokenHash } from '../ids.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { fold } from '../search-text.ts'
import { countOpenOfType } from './access-type-uses.ts'
import { type AccessType, accessTypes, findAccessType } from './access-types.ts'

/** Words and order of an access type: what operators set of the built-in ones too. */
export interface TypeWords {
  name: string
  description: string
  /** Also found by these. */
  aliases: readonly string[]
  warning: string
  sort: number
}

/** What operators set of the types they define themselves. */
export interface TypeRules {
  scope: 'asset' | 'customer'
  classes: 'any' | AssetClass
  /** Empty: any product. */
  products: readonly string[]
  grant_runbook_id: number
  removal_runbook_id: number
}

const onlyOperators = 'Only operators define access types.'

/** Granted by a runbook and removed by a runbook; the portal's own kinds are there from the start. */
export async function createAccessType(
  deps: Deps,
  actor: Actor,
  id: string,
  words: TypeWords,
  rules: TypeRules,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    await inTurn(tx, deps)
    if (await findAccessType(tx, id))
      return invalid({ id: `There is an access type ${id} already. Choose another id.` })
    const wrong = {
      ...wrongNames(await accessTypes(tx), id, words),
      ...(await wrongRunbooks(tx, rules, null)),
    }
    if (Object.keys(wrong).length > 0) return invalid(wrong)
    await tx
      .insertInto('access_types')
      .values({ id, kind: 'runbook', ...stored(words), ...stored(rules), created_at: nowInstant(deps.clock) })
      .execute()
    await record(tx, deps.clock, actor, 'access-type created', subjectOf(id), { ...words, ...rules })
    return ok(id)
  })
}

/** Accesses that are open keep what they were granted with. Without rules for a built-in type: those are fixed. */
export async function changeAccessType(
  deps: Deps,
  actor: Actor,
  id: string,
  seen: string,
  words: TypeWords,
  rules: TypeRules | null,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    await inTurn(tx, deps)
    const type = await findAccessType(tx, id)
    if (!type) return notFound()
    const facts = { ...words, ...(type.kind === 'runbook' && rules) }
    const changes = changesOf<object>(type, facts)
    if (Object.keys(changes).length === 0) return ok(id)
    if (seenOf(type) !== seen) return conflict(changedMeanwhile)
    const wrong = await wrongChange(tx, type, words, type.kind === 'runbook' ? rules : null)
    if (Object.keys(wrong).length > 0) return invalid(wrong)
    await tx.updateTable('access_types').set(stored(facts)).where('id', '=', id).execute()
    await record(tx, deps.clock, actor, 'access-type changed', subjectOf(id), changes)
    return ok(id)
  })
}

/** A withdrawn type can't be requested; accesses that are open stay as they are. */
export async function setAccessTypeStatus(
  deps: Deps,
  actor: Actor,
  id: string,
  status: AccessType['status'],
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const type = await findAccessType(tx, id)
    if (!type) return notFound()
    const { numUpdatedRows } = await tx
      .updateTable('access_types')
      .set({ status })
      .where('id', '=', id)
      .where('status', '!=', status)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`${type.name} is ${status} already. Nothing was changed.`)
    const verb = status === 'ACTIVE' ? 'access-type offered again' : 'access-type withdrawn'
    await record(tx, deps.clock, actor, verb, subjectOf(id))
    return ok(type.name)
  })
}

/** Names the state a form was drawn with. */
export const seenOf = ({ created_at: _, ...type }: AccessType): string =>
  tokenHash(JSON.stringify(type)).slice(0, 32)

const changedMeanwhile =
  'Another operator has changed this access type meanwhile. What you typed is kept; open the type in another window to see what is stored, then save again to put yours in its place.'

/** Names are compared folded, which no index does: those who write them do it one after the other. */
async function inTurn(tx: Tx, { engine }: Pick<Deps, 'engine'>): Promise<void> {
  if (engine === 'postgres')
    await tx.selectFrom('access_types').select('id').where('kind', '=', 'portal').forUpdate().execute()
}

async function wrongChange(
  tx: Tx,
  type: AccessType,
  words: TypeWords,
  rules: TypeRules | null,
): Promise<FieldErrors> {
  const names = wrongNames(await accessTypes(tx), type.id, words)
  if (rules === null) return names
  return { ...names, ...(await wrongRunbooks(tx, rules, type)), ...(await wrongScope(tx, type, rules)) }
}

/** What a lookup takes must mean one type. */
function wrongNames(types: readonly AccessType[], id: string, { name, aliases }: TypeWords): FieldErrors {
  const taken = new Map(
    types
      .filter(type => type.id !== id)
      .flatMap(type => [type.name, ...type.aliases].map(word => [fold(word), type.name] as const)),
  )
  const errors: Record<string, string> = {}
  const owner = taken.get(fold(name))
  if (owner !== undefined) errors.name = `${owner} is called so already. Choose another name.`
  const alias = aliases.find(word => taken.has(fold(word)))
  if (alias !== undefined) errors.aliases = `“${alias}” means ${taken.get(fold(alias))} already. Remove it.`
  return errors
}

/** Both are needed; a runbook that has been retired since stays where it is used. */
async function wrongRunbooks(tx: Tx, rules: TypeRules, type: AccessType | null): Promise<FieldErrors> {
  const errors: Record<string, string> = {}
  for (const field of ['grant_runbook_id', 'removal_runbook_id'] as const) {
    const runbook = await tx
      .selectFrom('runbooks')
      .select(['name', 'status'])
      .where('id', '=', rules[field])
      .executeTakeFirst()
    if (!runbook) errors[field] = 'There is no such runbook. Choose one of the list.'
    else if (runbook.status === 'RETIRED' && type?.[field] !== rules[field])
      errors[field] = `${runbook.name} is RETIRED. Choose one that is in use.`
  }
  return errors
}

async function wrongScope(tx: Tx, type: AccessType, rules: TypeRules): Promise<FieldErrors> {
  if (type.scope === rules.scope) return {}
  const open = await countOpenOfType(tx, type.id)
  if (open === 0) return {}
  return {
    scope: `${open} ${open === 1 ? 'access of this type is' : 'accesses of this type are'} open: what they cover can’t change. Define another type instead.`,
  }
}

function stored<T extends object>(facts: T) {
  const { aliases, products } = facts as { aliases?: readonly string[]; products?: readonly string[] }
  return {
    ...facts,
    ...(aliases && { aliases: JSON.stringify(aliases) }),
    ...(products && { products: JSON.stringify(products) }),
  } as { [K in keyof T]: K extends 'aliases' | 'products' ? string : T[K] }
}

const subjectOf = (id: string) => ({ type: 'access-type', id }) as const
