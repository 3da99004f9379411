import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { seconds } from '../clock.ts'
import { bootId, isRunning } from '../proc.ts'
import type { StepRow } from './active-run.ts'
import type { StepContext, StepEnd, StepProgram, StopReason } from './executors/executor.ts'
import { endGroup, groupMembers, listed, type ProgramGroup } from './programs/group.ts'
import { type Launched, launchStep } from './programs/launch.ts'
import {
  createSpool,
  hasBegun,
  markOf,
  openOutputs,
  type Spool,
  spoolAt,
  statusIn,
} from './programs/spool.ts'
import { type FolderWatch, watchFolder } from './programs/watch-folder.ts'
import { type LoggedStep, StepOutput } from './step-output.ts'

/** Small pieces of output are gathered for so long, so that a talkative program does not cost a commit a line. */
const gatherMs = 100

/** What following a program needs of its step. */
export interface FollowedStep
  extends LoggedStep,
    Pick<StepContext, 'env' | 'signal' | 'stopReason' | 'mayStart' | 'say'> {
  begin(program: Partial<StepRow>): Promise<void>
}

/** Starts a program only after it is committed how to find it again, then follows it to its end. */
export async function runProgram(at: FollowedStep, program: StepProgram): Promise<StepEnd> {
  const spool = createSpool(at.deps.config, at.active.row.id, at.row.id)
  const launched = await launchInto(at, program, spool)
  try {
    await at.deps.checkpoint?.('program launched')
    await at.begin({
      boot_id: bootId(),
      pgid: launched.pid,
      proc_start: launched.start,
      spool: spool.folder,
      out_offset: 0,
      err_offset: 0,
    })
    at.mayStart()
  } catch (error) {
    launched.cancel()
    throw error
  }
  await launched.go()
  await at.deps.checkpoint?.('program started')
  return followProgram(at, program, launched)
}

async function launchInto(at: FollowedStep, program: StepProgram, spool: Spool): Promise<Launched> {
  const outputs = openOutputs(spool, program.merge)
  const env = { ...at.env, ...Object.fromEntries([markOf(spool)]) }
  try {
    return await launchStep({ ...program, folder: program.folder, env, ...outputs }, spool.folder)
  } finally {
    outputs.close()
  }
}

/** Follows a program that runs, or has ended meanwhile, from where its output was last committed. */
export async function followProgram(
  at: FollowedStep,
  program: StepProgram,
  launched?: Launched,
): Promise<StepEnd> {
  const followed = new FollowedProgram(at, program, launched)
  try {
    return await followed.toEnd()
  } finally {
    await followed.close()
  }
}

/** The committed identity of a step's program; undefined before one was committed. */
export function groupOf(row: StepRow): ProgramGroup | undefined {
  if (row.pgid === null || row.proc_start === null || row.spool === null) return undefined
  return { pid: row.pgid, start: row.proc_start, mark: markOf(spoolAt(row.spool)).join('=') }
}

class FollowedProgram {
  readonly #at: FollowedStep
  readonly #program: StepProgram
  readonly #launched: Launched | undefined
  readonly #group: ProgramGroup
  readonly #spool: Spool
  readonly #output: StepOutput
  readonly #watch: FolderWatch
  /** Aborted when there is no use in waiting for more. */
  readonly #hurry = new AbortController()
  readonly #stopped = () => this.#wake()
  #exited = false

  constructor(at: FollowedStep, program: StepProgram, launched: Launched | undefined) {
    const group = groupOf(at.row)
    if (!group) throw new Error(`Step ${at.row.id} has no program to follow.`)
    this.#at = at
    this.#program = program
    this.#launched = launched
    this.#group = group
    this.#spool = spoolAt(at.row.spool ?? '')
    this.#output = new StepOutput(at, this.#spool)
    this.#watch = watchFolder(this.#spool.folder)
    at.signal.addEventListener('abort', this.#stopped)
    if (at.signal.aborted) this.#wake()
    void launched?.exited.then(() => {
      this.#exited = true
      this.#wake()
    })
  }

  async toEnd(): Promise<StepEnd> {
    for (;;) {
      if (this.#hasEnded()) return this.#atEnd()
      const stop = this.#at.stopReason()
      if (stop?.kind === 'release') return { kind: 'released' }
      if (stop) return this.#end(stop)
      if (!(await this.#output.store())) await this.#nextChange()
    }
  }

  #wake() {
    this.#hurry.abort()
    this.#watch.wake()
  }

  #hasEnded(): boolean {
    return this.#exited || !isRunning(this.#group) || statusIn(this.#spool) !== undefined
  }

  async #nextChange() {
    await this.#watch.changed()
    if (!this.#hasEnded()) await delay(gatherMs, undefined, { signal: this.#hurry.signal }).catch(() => {})
  }

  async #atEnd(): Promise<StepEnd> {
    const how = await this.#launched?.exited
    await this.#output.storeRest()
    await this.#at.deps.checkpoint?.('program ended')
    const status = statusIn(this.#spool)
    if (status === undefined) return this.#vanished(how?.signal)
    await this.#tellBackground()
    if (status === 0) return { kind: 'succeeded', exitStatus: 0 }
    return { kind: 'failed', exitStatus: status, reason: meaning(status) }
  }

  /** Its supervisor is gone without a word: somebody has killed it, or the machine was short of memory. */
  async #vanished(signal: NodeJS.Signals | null | undefined): Promise<StepEnd> {
    const { left } = await endGroup(this.#group, seconds(this.#program.stopWait))
    await this.#output.storeRest()
    const by = signal ? ` (${signal})` : ''
    const began = hasBegun(this.#spool) === false ? ' It had not begun yet.' : ''
    return {
      kind: 'failed',
      reason: `It was ended from outside${by}, without an exit status.${began}${stillRunning(left)}`,
    }
  }

  async #end(stop: StopReason): Promise<StepEnd> {
    const why =
      stop.kind === 'time limit' ? `Time limit of ${stop.seconds} s reached.` : 'Aborted by an operator.'
    await this.#at.say(`${why} Ending the program and everything it has started.`)
    const { left } = await endGroup(this.#group, seconds(this.#program.stopWait))
    await this.#output.storeRest()
    const reason = `${why}${stillRunning(left) || ' Nothing of it is running any more.'}`
    return stop.kind === 'abort' ? { kind: 'aborted', reason } : { kind: 'failed', reason }
  }

  /** Left running on purpose, as far as anyone can tell: a start script does that. */
  async #tellBackground() {
    if (!groupExists(this.#group.pid)) return
    const left = groupMembers(this.#group)
    if (left.length > 0) await this.#at.say(`Still running in the background: ${listed(left)}.`)
  }

  async close() {
    this.#at.signal.removeEventListener('abort', this.#stopped)
    this.#watch.close()
    await this.#output.close()
  }
}

/** Cheaper than looking at all processes; zombies count, so that “yes” means “perhaps”. */
function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export const stillRunning = (left: Parameters<typeof listed>[0]): string =>
  left.length === 0
    ? ''
    : ` Still running, though it was killed: ${listed(left)}. Look after it on the machine.`

function meaning(status: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  if (signal) return `Exit status ${status}: ended by ${signal}.`
  if (status === 126) return 'Exit status 126: the program could not be executed.'
  if (status === 127) return 'Exit status 127: the program, or the one that interprets it, was not found.'
  return `Exit status ${status}.`
}
