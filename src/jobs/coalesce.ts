/**
 * Collects what is given within one turn of the event loop, or while a write is under way, and writes it together.
 * Each caller's promise settles with the write that carried its item.
 */
export function coalesce<T>(write: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = []
  let writing = false

  async function drain() {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await write(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (writing) return
      writing = true
      setImmediate(() => void drain())
    })
}

interface Waiting<T> {
  item: T
  resolve(): void
  reject(error: unknown): void
}
