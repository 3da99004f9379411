import type { Instant } from '../../../db/schema.ts'

/** out, err: of the program. info: what the portal says. */
export type LogStream = 'out' | 'err' | 'info'

export interface LogLine {
  /** From 1; never given twice in a run. */
  n: number
  at: Instant
  /** Id of the run's step; null for what belongs to the whole run. */
  step: number | null
  stream: LogStream
  text: string
  /** The line stands for so many that the limit left out, beginning with number n. */
  omitted?: number
}

export type NewLine = Pick<LogLine, 'step' | 'stream' | 'text'>

/** A line of the downloaded log; its size is what the limit counts. */
export const plainLine = ({ at, stream, text }: Pick<LogLine, 'at' | 'stream' | 'text'>) =>
  `${at} ${stream.padEnd(4)} ${text}\n`

export const lineBytes = (line: Pick<LogLine, 'at' | 'stream' | 'text'>) => Buffer.byteLength(plainLine(line))
