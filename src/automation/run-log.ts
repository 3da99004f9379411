import { sql } from 'kysely'
import type { Row } from '../../db/schema.ts'
import type { Config } from '../config.ts'
import type { Db, DbOrTx } from '../deps.ts'
import { unpack } from './run-log/chunk.ts'
import { type LogLine, plainLine } from './run-log/line.ts'

export type { LogLine, LogStream } from './run-log/line.ts'

export interface LogExtent {
  /** Number of the last line ever written; 0 when there is none. */
  lines: number
  /** As downloaded, had nothing been left out. */
  bytes: number
  /** What the limit left out, in one stretch; null when the log is whole. */
  omitted: { from: number; to: number; lines: number; bytes: number } | null
}

/** How long a log is and what is missing in it, without reading it. */
export async function logExtent(db: DbOrTx, runId: number): Promise<LogExtent> {
  const run = await db
    .selectFrom('runs')
    .select(['log_lines as lines', 'log_bytes as bytes', 'omitted_lines', 'omitted_bytes'])
    .where('id', '=', runId)
    .executeTakeFirst()
  if (!run) return { lines: 0, bytes: 0, omitted: null }
  const { omitted_lines, omitted_bytes, ...extent } = run
  if (omitted_lines === 0) return { ...extent, omitted: null }
  const { last } = await db
    .selectFrom('run_log_chunks')
    .select(sql<number>`coalesce(max(last_line), 0)`.as('last'))
    .where('run_id', '=', runId)
    .where('part', '=', 'head')
    .executeTakeFirstOrThrow()
  const omitted = { from: last + 1, to: last + omitted_lines, lines: omitted_lines, bytes: omitted_bytes }
  return { ...extent, omitted }
}

type Limits = Pick<Config, 'RUN_LOG_LIMIT'>

/** Chunks read at a time: a page needs one or two. */
const chunksPerQuery = 4

/**
 * Lines from a number on, or the last ones, in order. Where the limit left lines out, one line with `omitted` stands for
 * them; it counts as one.
 */
export async function readLines(
  db: DbOrTx,
  config: Limits,
  runId: number,
  range: { from: number; limit: number } | { tail: number },
): Promise<LogLine[]> {
  const extent = await logExtent(db, runId)
  const { from, limit } = 'tail' in range ? lastOnes(extent, range.tail) : range
  const lines: LogLine[] = []
  for await (const chunk of chunksFrom(db, runId, from)) {
    for (const line of chunk) {
      if (line.n < from) continue
      const gap = gapBefore(line, lines.at(-1)?.n ?? from - 1, extent, config)
      if (gap) lines.push(gap)
      lines.push(line)
    }
    if (lines.length >= limit) break
  }
  return lines.slice(0, limit)
}

/** Where to begin so that, with the line that stands for the missing ones, it is just so many. */
function lastOnes({ lines, omitted }: LogExtent, count: number): { from: number; limit: number } {
  const from = Math.max(1, lines - count + 1)
  if (!omitted || from > omitted.to) return { from, limit: count }
  const before = count - (lines - omitted.to) - 1
  return { from: Math.max(1, omitted.from - Math.max(0, before)), limit: count }
}

/** All chunks from a line on, a few a query, so that neither memory nor the database is held. */
async function* chunksFrom(db: DbOrTx, runId: number, from: number): AsyncGenerator<LogLine[]> {
  let next = from
  for (;;) {
    const rows = await chunkRows(db, runId, next)
    for (const row of rows) yield unpack(row.data)
    const last = rows.at(-1)
    if (!last || rows.length < chunksPerQuery) return
    next = last.last_line + 1
  }
}

const chunkRows = (
  db: DbOrTx,
  runId: number,
  from: number,
): Promise<Pick<Row<'run_log_chunks'>, 'last_line' | 'data'>[]> =>
  db
    .selectFrom('run_log_chunks')
    .select(['last_line', 'data'])
    .where('run_id', '=', runId)
    .where('last_line', '>=', from)
    .orderBy('last_line')
    .limit(chunksPerQuery)
    .execute()

function gapBefore(line: LogLine, previous: number, extent: LogExtent, config: Limits): LogLine | undefined {
  // Counted from the lines at hand: more may have been left out since the extent was read.
  const missing = line.n - previous - 1
  if (!extent.omitted || missing <= 0) return undefined
  return {
    n: previous + 1,
    at: line.at,
    step: null,
    stream: 'info',
    text: leftOut(Math.max(missing, extent.omitted.lines), extent.omitted.bytes, config.RUN_LOG_LIMIT),
    omitted: missing,
  }
}

const leftOut = (lines: number, bytes: number, limit: number) =>
  `… ${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'} (${mebibytes(bytes)}) left out: the log limit is ${limit} MiB …`

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

export interface Finding {
  lines: LogLine[]
  /** Where to search on; null when the end was reached. */
  next: number | null
}

/** Lines that contain a text, in any case; stops after so many lines found, or looked at. */
export async function findLines(
  db: DbOrTx,
  runId: number,
  text: string,
  { from = 1, limit = 100, lookAt = 200_000 }: { from?: number; limit?: number; lookAt?: number } = {},
): Promise<Finding> {
  const wanted = text.toLowerCase()
  const lines: LogLine[] = []
  let seen = 0
  for await (const chunk of chunksFrom(db, runId, from))
    for (const line of chunk) {
      if (line.n < from) continue
      if (lines.length >= limit || seen >= lookAt) return { lines, next: line.n }
      if (line.text.toLowerCase().includes(wanted)) lines.push(line)
      seen += 1
    }
  return { lines, next: null }
}

/** The whole log as text, chunk by chunk: for the download. */
export async function* logText(db: Db, config: Limits, runId: number): AsyncGenerator<string> {
  const extent = await logExtent(db, runId)
  let previous = 0
  for await (const chunk of chunksFrom(db, runId, 1)) {
    const [first] = chunk
    const gap = first && gapBefore(first, previous, extent, config)
    yield [...(gap ? [gap] : []), ...chunk].map(plainLine).join('')
    previous = chunk.at(-1)?.n ?? previous
  }
}
