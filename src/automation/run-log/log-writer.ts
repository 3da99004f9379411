import type { Instant, Row } from '../../../db/schema.ts'
import { nowInstant } from '../../clock.ts'
import type { Deps, Tx } from '../../deps.ts'
import type { Lease } from '../../jobs/lease.ts'
import { begun, type Chunk, type ChunkExtent, extentOf, grow, mostLines, pack } from './chunk.ts'
import { lastChunk, tailOf } from './chunk-queries.ts'
import { lineBytes, type NewLine } from './line.ts'

const largestChunk = 64 * 1024
const mebibyte = 1024 * 1024

type Run = Pick<Row<'runs'>, 'id' | 'log_lines' | 'log_bytes' | 'omitted_lines' | 'omitted_bytes'>

/** Counters of the run's row, as they are or will be after the commit. */
interface Counters {
  lines: number
  bytes: number
  omittedLines: number
  omittedBytes: number
}

interface Draft {
  counters: Counters
  /** The last chunk, and those before it that changed with it. */
  changed: Chunk[]
  tail: ChunkExtent[]
  dropped: ChunkExtent[]
}

/**
 * Writes a run's log: lines and whatever belongs to them in one transaction. There is one writer at a time, which the
 * lease sees to; so it knows the end of the log without asking.
 */
export class LogWriter {
  readonly #deps: Deps
  readonly #lease: Lease
  readonly #runId: number
  readonly #limit: number
  readonly #largest: number
  #counters: Counters
  #last: Chunk | undefined
  #tail: ChunkExtent[]

  /** Goes on at the end of what is stored. */
  static async open(deps: Deps, lease: Lease, run: Run): Promise<LogWriter> {
    return new LogWriter(deps, lease, run, await lastChunk(deps.db, run.id), await tailOf(deps.db, run.id))
  }

  private constructor(deps: Deps, lease: Lease, run: Run, last: Chunk | undefined, tail: ChunkExtent[]) {
    this.#deps = deps
    this.#lease = lease
    this.#runId = run.id
    this.#limit = deps.config.RUN_LOG_LIMIT * mebibyte
    this.#largest = Math.min(largestChunk, this.#limit / 100)
    this.#last = last
    this.#tail = tail
    this.#counters = {
      lines: run.log_lines,
      bytes: run.log_bytes,
      omittedLines: run.omitted_lines,
      omittedBytes: run.omitted_bytes,
    }
  }

  get nextLine(): number {
    return this.#counters.lines + 1
  }

  /**
   * Stores lines, and what else `alongside` writes, or nothing of it. The lease is checked last. Gives who asked for
   * the run to be aborted, because it costs nothing here.
   */
  async append(lines: readonly NewLine[], alongside?: (tx: Tx) => Promise<void>): Promise<string | null> {
    const draft = this.#draft(lines, nowInstant(this.#deps.clock))
    const packed = await Promise.all(
      draft.changed.map(async chunk => ({ chunk, data: await pack(chunk.lines) })),
    )
    const abortBy = await this.#deps.db.transaction().execute(async tx => {
      for (const { chunk, data } of packed) await this.#store(tx, chunk, data)
      await this.#drop(tx, draft.dropped)
      const by = await this.#count(tx, draft.counters)
      await alongside?.(tx)
      await this.#lease.guard(tx)
      return by
    })
    this.#counters = draft.counters
    this.#last = draft.changed.at(-1) ?? this.#last
    this.#tail = draft.tail
    return abortBy
  }

  #draft(lines: readonly NewLine[], at: Instant): Draft {
    const counters = { ...this.#counters }
    const chunks = this.#last ? [{ ...this.#last, lines: [...this.#last.lines] }] : []
    for (const line of lines) {
      counters.lines += 1
      const numbered = { n: counters.lines, at, ...line }
      const bytes = lineBytes(numbered)
      counters.bytes += bytes
      const last = chunks.at(-1)
      const part = this.#partAt(counters.bytes, last)
      if (last && last.part === part && this.#hasRoom(last, bytes)) grow(last, numbered, bytes)
      else chunks.push(begun((last?.seq ?? 0) + 1, part, numbered, bytes))
    }
    const changed = chunks.filter(chunk => chunk.lastLine > this.#counters.lines)
    return { ...this.#rolled(changed, counters), counters }
  }

  /** The head once full stays full, whatever is in the tail. */
  #partAt(bytesSoFar: number, last: Chunk | undefined): Chunk['part'] {
    return last?.part === 'tail' || bytesSoFar > this.#limit * 0.9 ? 'tail' : 'head'
  }

  #hasRoom = (chunk: Chunk, bytes: number) =>
    chunk.bytes + bytes <= this.#largest && chunk.lines.length < mostLines

  /** Drops the oldest of the tail until the rest is within a tenth of the limit. */
  #rolled(changed: readonly Chunk[], counters: Counters): Omit<Draft, 'counters'> {
    const seqs = new Set(changed.map(({ seq }) => seq))
    const tail = [
      ...this.#tail.filter(({ seq }) => !seqs.has(seq)),
      ...changed.filter(({ part }) => part === 'tail'),
    ]
    const dropped: ChunkExtent[] = []
    let bytes = tail.reduce((sum, chunk) => sum + chunk.bytes, 0)
    for (let oldest = tail[0]; oldest && tail.length > 1 && bytes > this.#limit / 10; oldest = tail[0]) {
      tail.shift()
      dropped.push(oldest)
      bytes -= oldest.bytes
      counters.omittedLines += oldest.lastLine - oldest.firstLine + 1
      counters.omittedBytes += oldest.bytes
    }
    const gone = new Set(dropped.map(({ seq }) => seq))
    return { changed: changed.filter(({ seq }) => !gone.has(seq)), tail: tail.map(extentOf), dropped }
  }

  async #store(tx: Tx, chunk: Chunk, data: Uint8Array) {
    const growing = { last_line: chunk.lastLine, bytes: chunk.bytes, data }
    await tx
      .insertInto('run_log_chunks')
      .values({
        run_id: this.#runId,
        seq: chunk.seq,
        first_line: chunk.firstLine,
        part: chunk.part,
        ...growing,
      })
      .onConflict(conflict => conflict.columns(['run_id', 'seq']).doUpdateSet(growing))
      .execute()
  }

  async #drop(tx: Tx, chunks: readonly ChunkExtent[]) {
    if (chunks.length === 0) return
    await tx
      .deleteFrom('run_log_chunks')
      .where('run_id', '=', this.#runId)
      .where(
        'seq',
        'in',
        chunks.map(({ seq }) => seq),
      )
      .execute()
  }

  async #count(tx: Tx, counters: Counters): Promise<string | null> {
    const run = await tx
      .updateTable('runs')
      .set({
        log_lines: counters.lines,
        log_bytes: counters.bytes,
        omitted_lines: counters.omittedLines,
        omitted_bytes: counters.omittedBytes,
      })
      .where('id', '=', this.#runId)
      .returning('abort_by')
      .executeTakeFirstOrThrow()
    return run.abort_by
  }
}
