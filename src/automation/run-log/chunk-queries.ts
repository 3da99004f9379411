import type { Row } from '../../../db/schema.ts'
import type { Db } from '../../deps.ts'
import { type Chunk, type ChunkExtent, unpack } from './chunk.ts'

export async function lastChunk(db: Db, runId: number): Promise<Chunk | undefined> {
  const row = await db
    .selectFrom('run_log_chunks')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { ...extentOfRow(row), lines: await unpack(row.data) }
}

export const tailOf = async (db: Db, runId: number): Promise<ChunkExtent[]> =>
  (
    await db
      .selectFrom('run_log_chunks')
      .select(['seq', 'part', 'first_line', 'last_line', 'bytes'])
      .where('run_id', '=', runId)
      .where('part', '=', 'tail')
      .orderBy('seq')
      .execute()
  ).map(extentOfRow)

const extentOfRow = (row: Omit<Row<'run_log_chunks'>, 'data' | 'run_id'>): ChunkExtent => ({
  seq: row.seq,
  part: row.part,
  firstLine: row.first_line,
  lastLine: row.last_line,
  bytes: row.bytes,
})
