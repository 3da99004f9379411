import type { z } from 'zod'
import { placeAt, placeOfPath } from './json-places.ts'
import { type RunbookDefinition, runbookDefinition } from './runbook.ts'
import { isKnownPlaceholder, knownPlaceholders } from './template.ts'

export type ReadRunbook =
  | { ok: true; definition: RunbookDefinition }
  /** In the order of the text, each with its line. */
  | { ok: false; problems: readonly string[] }

const mostProblems = 20

/** Reads a runbook as operators type it: JSON. What is wrong is told by line and in words. */
export function readRunbook(text: string): ReadRunbook {
  const read = readJson(text)
  if (!read.ok) return { ok: false, problems: [read.problem] }
  const parsed = runbookDefinition.safeParse(read.value, { reportInput: true })
  const problems = parsed.success
    ? placeholderProblems(text, read.value)
    : // Each is looked for in the whole text: of thousands nobody reads more.
      parsed.error.issues.slice(0, mostProblems).flatMap(issue => wordsOf(text, issue))
  if (problems.length > 0 || !parsed.success) return { ok: false, problems }
  return { ok: true, definition: parsed.data }
}

/** For reading and editing: lines as they were typed; what programs wrote on one line is spread out. */
export const readableRunbook = (text: string): string =>
  text.includes('\n') ? text : JSON.stringify(JSON.parse(text), null, 2)

/** Whether two texts mean the same runbook, however they are laid out. */
export const sameRunbook = (a: string, b: string): boolean =>
  JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))

/** The text an empty editor begins with. */
export const firstRunbookText = JSON.stringify(
  {
    steps: [
      { name: 'Say hello', executor: 'command', argv: ['echo', 'Hello from {{asset.id}}'], timeLimit: 60 },
    ],
    onFailure: [],
    safeToRepeat: false,
  },
  null,
  2,
)

function readJson(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  if (text.trim() === '') return { ok: false, problem: 'Line 1: type the runbook as JSON, beginning with {.' }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const { line, column } = placeAt(text, offsetOf(said, text))
    return { ok: false, problem: `Line ${line}, column ${column}: ${jsonReason(said)}` }
  }
}

const offsetOf = (said: string, text: string): number => {
  const position = positionIn(said)
  if (position !== undefined) return position
  return /end of JSON/.test(said) ? text.trimEnd().length : firstWrongOffset(text)
}

const positionIn = (said: string): number | undefined => {
  const position = /at position (\d+)/.exec(said)?.[1]
  return position === undefined ? undefined : Number(position)
}

/** Not every error names its place: it is where the longest text ends that could still become JSON. */
function firstWrongOffset(text: string): number {
  let [good, wrong] = [0, text.length]
  while (wrong - good > 1) {
    const middle = (good + wrong) >> 1
    if (couldGoOn(text.slice(0, middle))) good = middle
    else wrong = middle
  }
  return good
}

function couldGoOn(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    return /end of JSON/.test(said) || positionIn(said) === start.length
  }
}

function jsonReason(said: string): string {
  if (/end of JSON|Unterminated/.test(said))
    return 'the text ends too early. A closing quote, ] or } is missing.'
  if (/property name/.test(said))
    return 'a name in double quotes is expected here. Perhaps there is a comma too many before it.'
  if (/after property value|after array element/.test(said))
    return 'a comma or a closing ] or } is missing here.'
  if (/control character/.test(said)) return 'a text may not go over several lines. Write \\n for a line end.'
  if (/after JSON/.test(said)) return 'the runbook is complete before this. Remove what follows.'
  return 'this is not JSON. Texts and names stand in double quotes.'
}

function wordsOf(text: string, issue: z.core.$ZodIssue): string[] {
  const { line } = placeOfPath(text, issue.path)
  return reasonsOf(issue).map(reason => `Line ${line}: ${pathWords(issue.path)}${reason}`)
}

/** `steps[0].argv[2]` → "step 1, argv, item 3: " */
function pathWords(path: readonly PropertyKey[]): string {
  if (path.length === 1) return `${String(path[0])}: `
  const words = path.map((step, i) => {
    if (typeof step !== 'number')
      return step === 'steps' ? '' : step === 'onFailure' ? 'on failure' : String(step)
    return i === 1 ? `step ${step + 1}` : `item ${step + 1}`
  })
  const said = words.filter(word => word !== '').join(', ')
  return said === '' ? '' : `${said}: `
}

function reasonsOf(issue: z.core.$ZodIssue): string[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => `“${key}” is not known here. Check its spelling, or remove it.`)
    case 'invalid_type':
      return [
        issue.input === undefined
          ? 'this is missing.'
          : `use ${typeWords[issue.expected] ?? issue.expected} here.`,
      ]
    case 'invalid_union':
      return ['executor must be “command” or “process”.']
    case 'invalid_value':
      return [`use one of: ${issue.values.map(String).join(', ')}.`]
    case 'too_small':
      return [issue.origin === 'number' ? `use at least ${issue.minimum}.` : 'this may not be empty.']
    case 'too_big':
      return [
        issue.origin === 'number'
          ? `use at most ${issue.maximum}.`
          : `this is too long; at most ${issue.maximum}.`,
      ]
    case 'invalid_format':
      return [
        'this name or reference is not written as it must be (secrets: env:GATEHOUSE_SECRET_NAME or file:/path).',
      ]
    case 'invalid_key':
      return ['names of environment variables have letters, digits and _ only.']
    default:
      return [issue.message]
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
}

/** `{{…}}` that would be replaced by nothing. */
function placeholderProblems(text: string, value: unknown, path: readonly PropertyKey[] = []): string[] {
  if (typeof value === 'string') {
    const unknown = [...value.matchAll(placeholder)]
      .map(match => match[1] ?? '')
      .filter(name => !isKnownPlaceholder(name))
    if (unknown.length === 0) return []
    const { line } = placeOfPath(text, path)
    return unknown.map(
      name => `Line ${line}: ${pathWords(path)}{{${name}}} is not known. ${knownPlaceholders}`,
    )
  }
  if (value === null || typeof value !== 'object') return []
  const members: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value as Record<string, unknown>)
  return members.flatMap(([key, member]) => placeholderProblems(text, member, [...path, key]))
}

// Others, such as docker's {{.State}}, belong to the program: see template.ts.
const placeholder = /\{\{\s*([A-Za-z_][\w-]*(?:\.[\w.-]+)?)\s*\}\}/g
