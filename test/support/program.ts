import { type ChildProcess, execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { projectRoot } from './source-files.ts'

export interface Program {
  /** Waits until the program prints this line. */
  says(line: string): Promise<void>
  /** Waits for its end; gives the exit status, or the signal that ended it. */
  ended(): Promise<number | string>
  /** Everything printed so far. */
  lines: readonly string[]
  kill(signal: NodeJS.Signals): void
}

/** Where Node keeps what it has compiled: programs are started a hundred times. */
const compiled = { NODE_COMPILE_CACHE: path.join(projectRoot, 'test/.artifacts/compiled') }

/** See compile.ts. */
export const compilePrograms = () =>
  promisify(execFile)(process.execPath, ['test/support/compile.ts'], {
    cwd: projectRoot,
    env: { ...process.env, ...compiled },
  })

/** Starts a TypeScript file as a process of its own. */
export function startProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Program {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...env, ...compiled },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const heard = new Set<() => void>()
  const tell = () => {
    for (const check of [...heard]) check()
  }
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line)
      tell()
    })
  const end = ending(child).finally(tell)
  return {
    lines,
    ended: () => end,
    kill: signal => child.kill(signal),
    says: line =>
      new Promise((resolve, reject) => {
        const check = () => {
          const said = lines.includes(line)
          if (!said && child.exitCode === null && child.signalCode === null) return
          heard.delete(check)
          if (said) resolve()
          else reject(new Error(`The program ended without saying “${line}”: ${lines.join(' / ')}`))
        }
        heard.add(check)
        check()
      }),
  }
}

const ending = (child: ChildProcess): Promise<number | string> =>
  new Promise(resolve => {
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'unknown'))
  })
