import type { Redactor } from '../redact.ts'
import { harmless } from './harmless.ts'

/** Longer lines are split. */
export const longestLine = 16 * 1024
/** Room for the colours and the encoding that may stand within a secret. */
const bytesPerCharacter = 8

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Cuts the bytes of an output file into the lines of the log: harmless, without secrets, none too long. `offset` is
 * always a place at which one can begin anew without losing, repeating or half-showing anything: everything before it
 * stands in lines already given.
 */
export class LineCutter {
  readonly #redactor: Redactor
  readonly #hold: number
  #pending: Buffer<ArrayBufferLike> = Buffer.alloc(0)
  offset: number

  constructor(offset: number, redactor: Redactor) {
    this.offset = offset
    this.#redactor = redactor
    this.#hold = redactor.longest * bytesPerCharacter
  }

  /** Where the next bytes have to come from. */
  get readTo(): number {
    return this.offset + this.#pending.length
  }

  /** The lines that are complete with these bytes. */
  push(bytes: Buffer): string[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    return [...this.#completeLines(), ...this.#piecesOfLongLine()]
  }

  /** What is left, when nothing more comes: a line without an end. */
  end(): string[] {
    const lines = this.push(Buffer.from('\n'))
    this.offset -= 1
    // A carriage return at the very end was waiting for its line feed.
    return lines.length === 1 && lines[0] === '' ? [] : lines
  }

  #completeLines(): string[] {
    const lines: string[] = []
    let from = 0
    for (let end = this.#lineEnd(from); end; end = this.#lineEnd(from)) {
      lines.push(...this.#shown(this.#pending.subarray(from, end.at)))
      from = end.next
    }
    this.#drop(from)
    return lines
  }

  /**
   * A carriage return alone ends a line too: progress bars become a line a state, and nothing can be overwritten. At
   * the end of what was read it may be half of a CRLF.
   */
  #lineEnd(from: number): { at: number; next: number } | undefined {
    const lf = this.#pending.indexOf(newline, from)
    const reach = lf < 0 ? this.#pending.length - 1 : lf
    const cr = this.#pending.subarray(from, reach).indexOf(carriageReturn)
    if (cr >= 0) return { at: from + cr, next: from + cr + (from + cr + 1 === lf ? 2 : 1) }
    return lf < 0 ? undefined : { at: lf, next: lf + 1 }
  }

  #shown(line: Buffer): string[] {
    const text = this.#redactor.redact(harmless(line.toString()))
    return text.length <= longestLine ? [text] : pieces(text)
  }

  /** A line that is too long already, though its end has not come: given away as far as no secret is cut through. */
  #piecesOfLongLine(): string[] {
    const lines: string[] = []
    while (this.#pending.length > longestLine + this.#hold) {
      const cut = this.#cleanCut()
      lines.push(...this.#shown(this.#pending.subarray(0, cut)))
      this.#drop(cut)
    }
    return lines
  }

  #cleanCut(): number {
    const secrets = this.#redactor.find(harmless(this.#pending.toString()))
    const cut = characterStart(this.#pending, longestLine)
    const shown = this.#shownUpTo(cut)
    const through = secrets.find(([from, to]) => from < shown && shown < to)
    if (!through) return cut
    return this.#placeOf(through[0], 0, cut) || this.#placeOf(through[1], cut, this.#pending.length)
  }

  /** The last place, between two others, before which at most so many characters are shown. */
  #placeOf(characters: number, from: number, to: number): number {
    let [low, high] = [from, to]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#shownUpTo(middle) <= characters) low = middle
      else high = middle - 1
    }
    return low
  }

  #shownUpTo(cut: number): number {
    return harmless(this.#pending.toString('utf8', 0, cut)).length
  }

  #drop(bytes: number) {
    this.#pending = this.#pending.subarray(bytes)
    this.offset += bytes
  }
}

/** The place itself, or the beginning of the character or escape sequence that it would cut through. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at
  while (start > at - 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
  const sequence = bytes.lastIndexOf(0x1b, start - 1)
  return sequence > 0 && sequence > start - 32 ? sequence : start
}

function pieces(text: string): string[] {
  const found: string[] = []
  for (let from = 0; from < text.length; from = from + (found.at(-1)?.length ?? 1)) {
    const to = from + longestLine
    const splitsPair = text.charCodeAt(to) >> 10 === 0xdc00 >> 10
    found.push(text.slice(from, splitsPair ? to - 1 : to))
  }
  return found
}
