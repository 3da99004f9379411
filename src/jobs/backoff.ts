/** A number from 0 up to, not including, 1. */
export type Random = () => number

const firstMs = 5_000
const longestMs = 15 * 60_000

/** Doubles with every failed attempt up to a limit; between half and whole of it, so that failures spread out. */
export function retryDelayMs(failedAttempts: number, random: Random): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.max(0, failedAttempts - 1))
  return Math.round(whole * (0.5 + random() / 2))
}
