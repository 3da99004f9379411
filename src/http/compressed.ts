import { compress } from 'hono/compress'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './env.ts'

const compressAnswer = compress()

/** Compressed for who asks; for others the answer is left alone, because only looking at its body costs a copy. */
export const compressed = createMiddleware<AppEnv>((c, next) =>
  c.req.header('accept-encoding') === undefined ? next() : compressAnswer(c, next),
)
