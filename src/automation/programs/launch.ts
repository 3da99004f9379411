import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { processOf } from '../../proc.ts'
import { StepError } from '../executors/executor.ts'

export interface Program {
  argv: readonly string[]
  /** All it gets. */
  env: Readonly<Record<string, string>>
  folder: string | undefined
  /** File descriptors its outputs go to. */
  out: number
  err: number
}

/** A program about to run: known by pid and start time, waiting for `go`. */
export interface Launched {
  pid: number
  start: string
  /** Lets it run. Once written it runs, whatever becomes of us. */
  go(): Promise<void>
  /** It never runs. */
  cancel(): void
  /** How it ended, as long as we are its parent. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/**
 * Waits for the word; at end of file, which comes when the worker is gone, it ends without having run anything. Then it
 * leaves a sign that it has begun, and at the end the exit status, so that a worker that is not its parent can know
 * both. The shell's own messages about killed programs stay out of the program's output.
 */
const supervisor = `
read -r go <&3 || exit 125
exec 3<&- 4>&2 2>/dev/null
spool=$1
shift
: >"$spool/begun" || exit 125
"$@" 2>&4 4>&-
status=$?
printf '%s\\n' "$status" >"$spool/status.tmp" && mv "$spool/status.tmp" "$spool/status"
exit "$status"
`
/** Waits in the same way, then becomes the program: same pid, same start time. Only the program carries the mark. */
const starter = `
read -r go <&3 || exit 125
exec 3<&-
export "$1"
shift
exec "$@"
`

/** A step's program, under a supervisor that writes down its exit status. */
export const launchStep = (program: Program, spool: string): Promise<Launched> =>
  launch(supervisor, 'gatehouse-step', [spool], program)

/** A program that stays: nothing of ours runs beside it. `mark` is NAME=value in its environment. */
export const launchToStay = (program: Program, mark: string): Promise<Launched> =>
  launch(starter, 'gatehouse-start', [mark], program)

/** In its own session and process group; nothing passes through a shell's parsing. */
async function launch(script: string, name: string, before: string[], program: Program): Promise<Launched> {
  const [command = '', ...rest] = program.argv
  const folder = existingFolder(program.folder)
  const argv = [...before, executable(command, folder, program.env.PATH ?? ''), ...rest]
  const child = await spawned(() =>
    spawn('/bin/sh', ['-c', script, name, ...argv], {
      detached: true,
      cwd: folder,
      env: { ...program.env },
      stdio: ['ignore', program.out, program.err, 'pipe'],
    }),
  )
  child.unref()
  const exited = new Promise<Awaited<Launched['exited']>>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const pipe = child.stdio[3] as Writable
  // Broken when the launcher was ended before the word came: its end is noticed anyway.
  pipe.on('error', () => {})
  const pid = child.pid ?? 0
  return {
    pid,
    start: processOf(pid)?.start ?? '',
    go: () => new Promise(resolve => pipe.end('go\n', () => resolve())),
    cancel: () => pipe.destroy(),
    exited,
  }
}

/** Some reasons are thrown, others announced. */
async function spawned(start: () => ChildProcess): Promise<ChildProcess> {
  try {
    const child = start()
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw new StepError(`The program can't be started: ${(error as Error).message}.`, { cause: error })
  }
}

function existingFolder(folder: string | undefined): string {
  const wanted = folder ?? '/'
  if (!path.isAbsolute(wanted))
    throw new StepError(`The working folder ${wanted} is not a full path. Begin it with “/”.`)
  const found = statOf(wanted)
  if (!found)
    throw new StepError(`The working folder ${wanted} does not exist, or this user may not reach it.`)
  if (!found.isDirectory()) throw new StepError(`The working folder ${wanted} is not a folder.`)
  return wanted
}

/** Its full path, looked up as the system does it: with a slash no shell takes it for a word of its own. */
function executable(command: string, folder: string, searchPath: string): string {
  if (command.includes('/')) {
    const file = path.resolve(folder, command)
    const why = whyNotExecutable(file)
    if (why) throw new StepError(`The program ${file} ${why}.`)
    return file
  }
  const found = searchPath
    .split(':')
    .map(place => path.resolve(folder, place, command))
    .find(file => !whyNotExecutable(file))
  if (found) return found
  throw new StepError(`The program ${command} was not found in ${searchPath}. Give its full path.`)
}

function whyNotExecutable(file: string): string | undefined {
  const found = statOf(file)
  if (!found) return 'does not exist, or this user may not reach it'
  if (!found.isFile()) return 'is not a file'
  try {
    accessSync(file, constants.X_OK)
    return undefined
  } catch {
    return 'may not be executed by this user'
  }
}

/** Undefined also where a folder on the way may not be entered. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}
