import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from '../config.ts'

/** JSON lines; on standard output unless another place is given. */
export const createLogger = (level: Config['LOG_LEVEL'], to?: DestinationStream): Logger =>
  pino(
    { level, formatters: { log: line => redacted(line, 0) as Record<string, unknown> } },
    to ?? pino.destination(1),
  )

const confidential = /password|passphrase|token|cookie|secret|authorization|api.?key/i
const deepest = 5

/** Blanks whatever is named like a secret. Errors stay: pino prints them itself. */
function redacted(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < deepest ? value.map(item => redacted(item, depth + 1)) : '[…]'
  if (!isPlain(value)) return value
  if (depth >= deepest) return '[…]'
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      confidential.test(name) ? '[redacted]' : redacted(inner, depth + 1),
    ]),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
