import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from './source-files.ts'

export interface Ended {
  /** Exit status, or the signal that ended it. */
  status: number | NodeJS.Signals
  out: string
  err: string
}

export interface Running {
  /** Resolves with the first line that matches; fails if the program ends before. */
  line(pattern: RegExp): Promise<string>
  out(): string
  kill(signal: NodeJS.Signals): void
  ended: Promise<Ended>
}

/** Builds the programs as `npm start` does. */
export const buildPrograms = () =>
  promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot })

/** Starts `gatehouse …` or the demo as a process of its own, with nothing of our environment but PATH. */
export function start(
  program: 'gatehouse' | 'demo',
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', `dist/${program}.mjs`, ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout?.on('data', chunk => {
    printed.out += String(chunk)
    child.emit('printed')
  })
  child.stderr?.on('data', chunk => {
    printed.err += String(chunk)
  })
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ status: code ?? signal, ...printed }))
  return {
    line: pattern => firstLine(child, printed, ended, pattern),
    out: () => printed.out,
    kill: signal => child.kill(signal),
    ended,
  }
}

export const gatehouse = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  start('gatehouse', args, env).ended

function firstLine(
  child: ChildProcess,
  printed: { out: string; err: string },
  ended: Promise<Ended>,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const complete = printed.out.split('\n').slice(0, -1)
      const found = complete.find(line => pattern.test(line))
      if (found === undefined) return
      child.off('printed', look)
      resolve(found)
    }
    child.on('printed', look)
    void ended.then(({ status, err }) =>
      reject(new Error(`It ended (${status}) without printing ${pattern}: ${err}`)),
    )
    look()
  })
}

/** A folder for one test; removed by `remove`. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-cli-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
