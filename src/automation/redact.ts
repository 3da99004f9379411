import type { Secret } from '../secret.ts'
import { harmless } from './run-log/harmless.ts'

/** Puts `[secret]` in the place of secrets, as they are and in the encodings in which programs print them. */
export interface Redactor {
  redact(text: string): string
  /** Where each part to be replaced begins and ends. */
  find(text: string): readonly Range[]
  /** Characters of the longest text it looks for. */
  longest: number
}

/** From, to (not included). */
export type Range = readonly [from: number, to: number]

/** Shorter ones stand in any text by chance, and would make a log unreadable. */
export const shortestSecret = 4
/** Output comes line by line, so the lines of a secret of several lines are looked for one by one. */
const shortestLine = 8
/** Base64 programs break their output at these columns. */
const base64Columns = [64, 76]

const replacement = '[secret]'

export function createRedactor(secrets: readonly Secret[]): Redactor {
  const needles = [...new Set(secrets.flatMap(secret => formsOf(secret.expose())))]
  const find = (text: string) => merged(needles.flatMap(needle => occurrences(text, needle)))
  return {
    find,
    redact: text => replaced(text, find(text)),
    longest: Math.max(0, ...needles.map(needle => needle.length)),
  }
}

/** For output of a program whose secrets are not known any more. */
export const withholdAll: Redactor = {
  find: text => (text === '' ? [] : [[0, text.length]]),
  redact: text => (text === '' ? '' : '[withheld]'),
  longest: 0,
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const whole = [...textForms(secret), ...base64Forms(bytes), ...hexForms(bytes)]
  const lines = secret.split(/\r\n|\n|\r/)
  const single = lines.length > 1 ? lines.filter(line => line.length >= shortestLine).flatMap(formsOf) : []
  // As the log has them: lines are harmless before they are looked through.
  return [...whole.filter(form => !/[\r\n]/.test(form)), ...single].map(harmless)
}

const textForms = (secret: string): string[] => {
  const json = JSON.stringify(secret).slice(1, -1)
  const ascii = json.replace(/[^\0-\x7e]/g, unicodeEscape)
  const uri = encodeURIComponent(wellFormed(secret))
  const strict = uri.replace(/[!'()*~]/g, percent)
  return [
    secret,
    json,
    ascii,
    ...[json, ascii].map(form => form.replaceAll('/', '\\/')),
    ...[uri, strict].flatMap(form => [form, form.replaceAll('%20', '+')]).flatMap(bothHexCases),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ].flatMap(form => (form.includes('\\u') ? [form, form.replace(/\\u[0-9a-f]{4}/g, upperEscape)] : [form]))
}

const unicodeEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
const upperEscape = (sequence: string) => `\\u${sequence.slice(2).toUpperCase()}`
const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
const wellFormed = (text: string) => text.toWellFormed()
const bothHexCases = (form: string) => [form, form.replace(/%[0-9A-F]{2}/g, hex => hex.toLowerCase())]

const hexForms = (bytes: Buffer) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()]

/** Base64 at each of the three places of a byte in it: only the characters that no neighbour has a part in. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor(((before + bytes.length) * 8) / 6)
    return [text.slice(from, to)]
  })
  const broken = base64Columns.flatMap(columns => brokenAt(bytes.toString('base64'), columns))
  const padded = bytes.toString('base64')
  return [padded, ...forms, ...broken]
    .filter(form => form.length >= shortestSecret)
    .flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

const brokenAt = (text: string, columns: number): string[] =>
  text.length <= columns
    ? []
    : (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).filter(part => part.length >= shortestLine)

function occurrences(text: string, needle: string): Range[] {
  const found: Range[] = []
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
    found.push([at, at + needle.length])
  return found
}

/** Secrets that overlap are one stretch: replacing one must not leave a piece of the other. */
function merged(ranges: readonly Range[]): readonly Range[] {
  if (ranges.length < 2) return ranges
  const stretches: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = stretches.at(-1)
    if (last && from < last[1]) last[1] = Math.max(last[1], to)
    else stretches.push([from, to])
  }
  return stretches
}

function replaced(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  let result = ''
  let at = 0
  for (const [from, to] of ranges) {
    result += text.slice(at, from) + replacement
    at = to
  }
  return result + text.slice(at)
}
