/** Values for the placeholders of a runbook, by name. */
export interface PlanValues {
  asset: Readonly<Record<string, string>>
  request: Readonly<Record<string, string>>
  field: Readonly<Record<string, string>>
  /** Of runs that grant or remove an access. */
  access?: Readonly<Record<string, string>>
  person?: Readonly<Record<string, string>>
}

const groups = ['asset', 'request', 'field', 'access', 'person'] as const

/** A step can't be made out of the runbook and these values; the message says why and what to do. */
export class PlanError extends Error {
  override name = 'PlanError'
}

// Others, such as docker's {{.State}} or {{json .}}, belong to the program.
const placeholder = /\{\{\s*([A-Za-z_][\w-]*(?:\.[\w.-]+)?)\s*\}\}/g

/** Replaces placeholders inside one string. The result is one string, whatever is in the values. */
export function fillIn(template: string, values: PlanValues): string {
  const filled = template.replace(placeholder, (_, name: string) => valueFor(name, values))
  if (filled.includes('\0')) throw new PlanError(`“${shown(template)}” would hold a NUL character.`)
  return filled
}

/** Fills in what an operator decides alone: which file is written, in which folder, which address is asked. */
export function fillInFixed(what: string, template: string, values: PlanValues): string {
  assertFixed(what, template)
  return fillIn(template, values)
}

/**
 * Fills in the arguments of a program. Nothing that a person typed decides which program runs, or becomes an option
 * of it by beginning with “-”.
 */
export const fillInArguments = (argv: readonly string[], values: PlanValues): string[] =>
  argv.map((argument, at) => {
    if (at === 0) assertFixed('program', argument)
    assertNoOption(argument, values)
    return fillIn(argument, values)
  })

function valueFor(name: string, values: PlanValues): string {
  const value = lookUp(name, values)
  if (value !== undefined) return value
  throw new PlanError(
    `The runbook uses {{${name}}}, which has no value here. ${whereToSet(name)} Or take it out of the runbook.`,
  )
}

function lookUp(name: string, values: PlanValues): string | undefined {
  const [group, key] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)]
  const known = groups.find(one => one === group)
  const found = known && values[known]
  return found && Object.hasOwn(found, key) ? found[key] : undefined
}

const whereToSet = (name: string) =>
  name.startsWith('asset.')
    ? `Set the variable ${name.slice('asset.'.length)} on the environment.`
    : knownPlaceholders

/** For whoever writes one that is not. */
export const knownPlaceholders =
  'Known are {{asset.NAME}}; for actions {{request.id}}, {{request.summary}} and {{field.NAME}}; for accesses {{access.id}}, {{access.justification}}, {{person.id}}, {{person.login_id}}, {{person.first_name}}, {{person.last_name}} and {{person.email}}.'

/** Whether a runbook may use it; on an environment without the variable it says so when it would run. */
export const isKnownPlaceholder = (name: string): boolean =>
  /^(asset\.[A-Za-z_]\w*|field\.[a-z]\w*|request\.(id|summary)|access\.(id|justification)|person\.(id|login_id|first_name|last_name|email))$/.test(
    name,
  )

/** Typed by the requester, or by whoever added the person; codes and numbers are the portal's own. */
const isTyped = (name: string) =>
  name.startsWith('field.') ||
  name === 'request.summary' ||
  name === 'access.justification' ||
  (name.startsWith('person.') && name !== 'person.id')

function assertFixed(what: string, template: string) {
  for (const [whole, name = ''] of template.matchAll(placeholder))
    if (isTyped(name))
      throw new PlanError(
        `The ${what} is made of ${whole}: what a requester types must not choose the ${what}.`,
      )
}

/** Looks at whatever the argument will begin with: the first placeholder that is not empty, if nothing stands before it. */
function assertNoOption(argument: string, values: PlanValues) {
  let begin = 0
  for (const { 0: whole, 1: name = '', index } of argument.matchAll(placeholder)) {
    const value = valueFor(name, values)
    if (index !== begin) return
    if (value.startsWith('-') && isTyped(name))
      throw new PlanError(
        `The value of ${whole} begins with “-”, which the program could take for an option. Type another value.`,
      )
    if (value !== '') return
    begin += whole.length
  }
}

const shown = (text: string) => text.replaceAll('\0', '␀')
