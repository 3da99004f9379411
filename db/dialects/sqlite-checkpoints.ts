import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Config } from '../../src/config.ts'

/** In pages. From here on the thread moves the log, and has it begun anew. Most processes never write so much. */
const longLog = 8192
/** In pages. From here on commits move it themselves: the bound, when the thread can't keep up. */
export const longestLog = 2 * longLog
const pageSize = 4096
const lookMs = 1000

/**
 * Moves the log into the database in a thread: whichever commit makes the log too long would else wait until a thousand
 * pages are written and flushed. Seldom and much at a time, because a commit that meets it waits for the same disk.
 * Gives how to stop.
 */
export function moveLogAside(file: string, config: Pick<Config, 'SQLITE_SYNCHRONOUS'>): () => Promise<void> {
  let thread: Worker | undefined
  const look = () => {
    if (sizeOf(`${file}-wal`) < longLog * pageSize) return
    thread ??= startThread(file, config).once('exit', () => {
      thread = undefined
    })
    thread.postMessage('move')
  }
  const timer = setInterval(look, lookMs).unref()
  return async () => {
    clearInterval(timer)
    if (!thread) return
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    thread.once('exit', () => resolve())
    // Whoever has nothing else to do would end here, in the middle of closing.
    thread.ref()
    thread.postMessage('end')
    await ended
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function startThread(file: string, { SQLITE_SYNCHRONOUS: synchronous }: Pick<Config, 'SQLITE_SYNCHRONOUS'>) {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const workerData = { driver, file, synchronous, longLog }
  const thread = new Worker(program, { eval: true, execArgv: [], workerData })
  // It is started anew at the next look; until it works, commits keep the log short.
  thread.on('error', () => {})
  thread.unref()
  return thread
}

// As text, because everything else is one file when it is built.
const program = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { driver, file, synchronous, longLog } = workerData
  const database = new (require(driver))(file, { fileMustExist: true, timeout: 0 })
  database.pragma('synchronous = ' + synchronous)
  parentPort.on('message', asked => (asked === 'move' ? move() : end()))
  function move() {
    const [{ log }] = database.pragma('wal_checkpoint(noop)')
    if (log < longLog) return
    // Nearly all of it beside whoever writes, and only the rest while they wait.
    database.pragma('wal_checkpoint(passive)')
    database.pragma('wal_checkpoint(restart)')
  }
  function end() {
    database.close()
    parentPort.close()
  }
`
