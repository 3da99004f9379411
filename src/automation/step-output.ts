import type { Tx } from '../deps.ts'
import { type ActiveRun, type StepRow, updateStep } from './active-run.ts'
import type { StepContext } from './executors/executor.ts'
import { OutputFile } from './programs/output-file.ts'
import { type Spool, spoolAt } from './programs/spool.ts'
import type { LogStream, NewLine } from './run-log/line.ts'

/** What storing output needs of its step. */
export interface LoggedStep extends Pick<StepContext, 'deps'> {
  readonly active: ActiveRun
  readonly row: StepRow
  append(lines: readonly NewLine[], alongside?: (tx: Tx) => Promise<void>): Promise<void>
}

/** Stores what a program has left in its files, when it runs no more. */
export async function storeLeftOutput(at: LoggedStep): Promise<void> {
  const output = new StepOutput(at, spoolAt(at.row.spool ?? ''))
  try {
    await output.storeRest()
  } finally {
    await output.close()
  }
}

/** Both outputs of a step, stored in the order in which they arrive; each line once, whatever happens. */
export class StepOutput {
  readonly #at: LoggedStep
  readonly #files: readonly { stream: LogStream; file: OutputFile }[]

  constructor(at: LoggedStep, spool: Spool) {
    const { outputRedactor: redactor } = at.active
    this.#at = at
    this.#files = [
      { stream: 'out', file: new OutputFile(spool.out, at.row.out_offset, redactor) },
      { stream: 'err', file: new OutputFile(spool.err, at.row.err_offset, redactor) },
    ]
  }

  /** Stores what has come, at most so much as is read at once. Tells whether there may be more. */
  async store(): Promise<boolean> {
    const parts = await Promise.all(
      this.#files.map(async ({ stream, file }) => ({ stream, ...(await file.read()) })),
    )
    await this.#commit(parts.flatMap(({ stream, lines }) => this.#as(stream, lines)))
    return parts.some(({ more }) => more)
  }

  /** Stores all there is now, and the lines that have no end. What is left in the background may go on writing. */
  async storeRest() {
    await Promise.all(this.#files.map(({ file }) => file.closeEnd()))
    while (await this.store());
    await this.#commit(this.#files.flatMap(({ stream, file }) => this.#as(stream, file.end())))
  }

  async close() {
    await Promise.all(this.#files.map(({ file }) => file.close()))
  }

  #as = (stream: LogStream, lines: readonly string[]): NewLine[] =>
    lines.map(text => ({ step: this.#at.row.id, stream, text }))

  async #commit(lines: readonly NewLine[]) {
    if (lines.length === 0) return
    const [out_offset = 0, err_offset = 0] = this.#files.map(({ file }) => file.offset)
    await this.#at.append(lines, tx => updateStep(tx, this.#at.row, { out_offset, err_offset }))
    Object.assign(this.#at.row, { out_offset, err_offset })
    for (const { file } of this.#files) file.giveBack()
    await this.#at.deps.checkpoint?.('output stored')
  }
}
