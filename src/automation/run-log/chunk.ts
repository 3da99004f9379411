import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { LogLine } from './line.ts'

/** Lines stored together; grows until it is full, then the next one begins. */
export interface Chunk {
  seq: number
  part: 'head' | 'tail'
  firstLine: number
  lastLine: number
  /** Of its lines as downloaded. */
  bytes: number
  lines: LogLine[]
}

/** What a chunk is known by without being read. */
export type ChunkExtent = Omit<Chunk, 'lines'>

/** Its size is bounded by the number of lines too: empty lines cost more than their own bytes. */
export const mostLines = 1000

const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)]

export const pack = (lines: readonly LogLine[]): Promise<Buffer> =>
  deflate(lines.map(line => JSON.stringify(line)).join('\n'))

export async function unpack(data: Uint8Array): Promise<LogLine[]> {
  const text = (await inflate(data)).toString()
  return text.split('\n').map(line => JSON.parse(line) as LogLine)
}

export const begun = (seq: number, part: Chunk['part'], line: LogLine, bytes: number): Chunk => ({
  seq,
  part,
  firstLine: line.n,
  lastLine: line.n,
  bytes,
  lines: [line],
})

export function grow(chunk: Chunk, line: LogLine, bytes: number) {
  chunk.lines.push(line)
  chunk.lastLine = line.n
  chunk.bytes += bytes
}

export const extentOf = ({ seq, part, firstLine, lastLine, bytes }: ChunkExtent): ChunkExtent => ({
  seq,
  part,
  firstLine,
  lastLine,
  bytes,
})
