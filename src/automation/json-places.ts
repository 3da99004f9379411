/** A line and column, counted from 1. */
export interface TextPlace {
  line: number
  column: number
}

export const placeAt = (text: string, offset: number): TextPlace => {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** Where in a valid JSON text the value of a path begins; of a path that leads nowhere, its nearest owner. */
export function placeOfPath(text: string, path: readonly PropertyKey[]): TextPlace {
  let at = skipSpace(text, 0)
  for (const step of path) {
    const next = stepInto(text, at, step)
    if (next === null) break
    at = next
  }
  return placeAt(text, at)
}

/** Offset of a member's value. */
function stepInto(text: string, at: number, step: PropertyKey): number | null {
  const opener = text[at]
  if (opener !== '{' && opener !== '[') return null
  let position = skipSpace(text, at + 1)
  for (let index = 0; text[position] !== '}' && text[position] !== ']'; index++) {
    let key: PropertyKey = index
    if (opener === '{') {
      const end = endOfString(text, position)
      key = JSON.parse(text.slice(position, end)) as string
      position = skipSpace(text, skipSpace(text, end) + 1)
    }
    if (key === step) return position
    position = skipSpace(text, endOfValue(text, position))
    if (text[position] === ',') position = skipSpace(text, position + 1)
  }
  return null
}

const skipSpace = (text: string, at: number) => {
  let position = at
  while (/\s/.test(text[position] ?? '')) position++
  return position
}

function endOfString(text: string, at: number): number {
  let position = at + 1
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position + 1
}

function endOfValue(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at)
  let depth = 0
  for (let position = at; position < text.length; position++) {
    const character = text[position] ?? ''
    if (character === '"') position = endOfString(text, position) - 1
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return position
      depth--
      if (depth === 0) return position + 1
    } else if (depth === 0 && character === ',') return position
  }
  return text.length
}
