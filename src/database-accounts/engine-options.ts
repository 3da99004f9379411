import { z } from 'zod'
import type { DatabaseEngine } from '../../db/schema.ts'
import { databaseEngines } from '../provisioners/registry.ts'

/** An engine, as operators choose it. */
export interface EngineWords {
  engine: DatabaseEngine
  label: string
  hint: string
  defaultPort: number
  /** What its options may hold. */
  options: readonly OptionWords[]
}

export interface OptionWords {
  name: string
  /** Such as "text", "list", "one of require, prefer". */
  type: string
  required: boolean
  /** In the words of its schema; empty: none. */
  about: string
}

export const isEngine = (word: string): word is DatabaseEngine => Object.hasOwn(databaseEngines, word)

export const engineWords = (engine: DatabaseEngine): EngineWords => {
  const { label, hint, defaultPort, options } = databaseEngines[engine]
  return { engine, label, hint, defaultPort, options: optionWords(options) }
}

export const everyEngine = (): EngineWords[] =>
  (Object.keys(databaseEngines) as DatabaseEngine[]).map(engineWords)

export type OptionsReading =
  | { ok: true; options: Readonly<Record<string, unknown>> }
  | { ok: false; message: string }

/** Reads the options of an engine as an operator typed them: a JSON object, or nothing. */
export function readOptions(engine: DatabaseEngine, text: string): OptionsReading {
  const json = jsonIn(text)
  if (json === undefined)
    return { ok: false, message: 'This is not JSON. Write an object such as {"name": "value"}.' }
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    return { ok: false, message: 'Write a JSON object, such as {"name": "value"}, or leave it empty.' }
  const read = databaseEngines[engine].options.safeParse(json)
  // What was typed is stored, without defaults: those may get better.
  if (read.success) return { ok: true, options: json as Readonly<Record<string, unknown>> }
  return { ok: false, message: read.error.issues.slice(0, 5).map(issueWords).join(' ') }
}

function jsonIn(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** "argv.0: Type a program." */
function issueWords(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.')
  const words = issue.message.endsWith('.') ? issue.message : `${issue.message}.`
  return place === '' ? words : `${place}: ${words}`
}

interface Described {
  description?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
}

function optionWords(schema: z.ZodType): OptionWords[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeWords(property as Described),
    required: required.includes(name),
    about: (property as Described).description ?? '',
  }))
}

const plain: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'object',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
}

function typeWords({ type, enum: words }: Described): string {
  if (words) return `one of ${words.join(', ')}`
  return typeof type === 'string' ? (plain[type] ?? type) : ''
}
