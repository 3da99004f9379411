import type { Instant } from '../../db/schema.ts'

export interface Span {
  start: Instant
  /** null: still going on. */
  end: Instant | null
}

export interface PlacedSpan<S> {
  span: S
  /** From the left edge, and how far, in units of the picture. */
  x: number
  width: number
  lane: number
}

export interface Picture {
  from: number
  to: number
  width: number
  /** Nothing is drawn narrower, or nobody would see it. */
  least: number
  lanes: number
}

/** Where each span stands in a picture of a time: beside what it overlaps, as long as there are lanes. */
export function placeSpans<S extends Span>(spans: readonly S[], picture: Picture): PlacedSpan<S>[] {
  const ends: number[] = []
  return spans.map(span => {
    const x = xOf(Math.max(Date.parse(span.start), picture.from), picture)
    const end = span.end === null ? picture.to : Math.min(Date.parse(span.end), picture.to)
    const width = Math.min(Math.max(picture.least, xOf(end, picture) - x), picture.width - x)
    const free = ends.findIndex(taken => taken <= x)
    const lane = free >= 0 ? free : Math.min(ends.length, picture.lanes - 1)
    ends[lane] = Math.max(ends[lane] ?? 0, x + width)
    return { span, x: rounded(x), width: rounded(Math.max(width, picture.least)), lane }
  })
}

export const xOf = (at: number, { from, to, width }: Picture) => ((at - from) / (to - from)) * width

const rounded = (value: number) => Math.round(value * 10) / 10
