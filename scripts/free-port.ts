import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that systems give to connections by themselves: nobody comes by one of these by chance. */
const lowest = 20_000
const above = 30_000

/** The preferred port of this machine if nobody has it, else another one that nobody listens on at this moment. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await isFree(preferred))) return preferred
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(lowest, above)
    if (await isFree(port)) return port
  }
  throw new Error(`No port between ${lowest} and ${above} is free.`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const bound = once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.listen(port, '127.0.0.1')
  if (!(await bound)) return false
  server.close()
  await once(server, 'close')
  return true
}
