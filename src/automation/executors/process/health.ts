import { setTimeout as delay } from 'node:timers/promises'

const askMs = 250
const answerMs = 3_000

/** Whether the address answers with 2xx; else, in words, what it does. Asked without following redirects. */
export async function askHealth(url: string): Promise<{ healthy: boolean; answer: string }> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(answerMs) })
    await response.body?.cancel()
    return { healthy: response.ok, answer: `answers ${response.status}` }
  } catch (error) {
    return { healthy: false, answer: `does not answer (${reasonOf(error)})` }
  }
}

/** Between two questions; ended early by the signal. */
export const pause = (signal: AbortSignal): Promise<void> =>
  delay(askMs, undefined, { signal }).catch(() => {})

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${answerMs / 1000} s`
  const { code, message } = (error.cause ?? error) as { code?: string; message: string }
  return code ?? message
}
