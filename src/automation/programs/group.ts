import { setTimeout as delay } from 'node:timers/promises'
import { carries, type ProcessStat, processOf, runningProcesses } from '../../proc.ts'

/** A program and all it has started: its process group and session, and whoever left them but carries the mark. */
export interface ProgramGroup {
  /** Pid of the leader, and so number of the group and the session. 0: only the mark tells what belongs to it. */
  pid: number
  start: string
  /** NAME=value in the environment of everything that the program started. */
  mark: string
}

const firstLookMs = 10
const longestLookMs = 250
/** After SIGKILL only a process inside a system call can take its time. */
const killWaitMs = 5_000

export interface Ended {
  /** What could not be ended, or is not surely ours to end. */
  left: ProcessStat[]
  /** SIGTERM was not enough. */
  killed: boolean
}

/**
 * Ends a group: SIGTERM, after `waitMs` SIGKILL, until nothing of it runs. Only what is proven to belong to it gets a
 * signal. When `signal` is aborted it waits no longer, and kills nothing more.
 */
export async function endGroup(group: ProgramGroup, waitMs: number, signal?: AbortSignal): Promise<Ended> {
  const proven = isProven(group)
  const left = () => [...membersOf(group, proven), ...(proven ? [] : unprovenMembers(group))]
  const members = () => membersOf(group, proven)
  send(group, members(), proven, 'SIGTERM')
  // Stopped processes take no notice of SIGTERM until they go on.
  send(group, members(), proven, 'SIGCONT')
  if ((await goneWithin(waitMs, members, signal)) || signal?.aborted) return { left: left(), killed: false }
  await goneWithin(killWaitMs, () => {
    const still = members()
    send(group, still, proven, 'SIGKILL')
    return still
  })
  return { left: left(), killed: true }
}

/** What runs of a group, as far as it is proven to belong to it. */
export const groupMembers = (group: ProgramGroup): ProcessStat[] => membersOf(group, isProven(group))

/**
 * The number of a group is not given anew while one of its processes lives: the group is ours if its leader is, or, when
 * the leader has ended, if one of those left carries the mark.
 */
function isProven({ pid, start, mark }: ProgramGroup): boolean {
  if (pid <= 0) return false
  const leader = processOf(pid)
  if (leader) return leader.start === start
  return runningProcesses().some(one => isIn(one, pid) && carries(one.pid, mark))
}

const membersOf = ({ pid, mark }: ProgramGroup, proven: boolean): ProcessStat[] =>
  runningProcesses().filter(one => (proven && isIn(one, pid)) || carries(one.pid, mark))

/** Of a group without leader in which nobody shows the mark: perhaps ours, perhaps of a later program. */
const unprovenMembers = ({ pid }: ProgramGroup): ProcessStat[] =>
  pid <= 0 || processOf(pid) ? [] : runningProcesses().filter(one => isIn(one, pid))

const isIn = (one: ProcessStat, group: number) => one.group === group || one.session === group

function send({ pid }: ProgramGroup, members: readonly ProcessStat[], proven: boolean, name: NodeJS.Signals) {
  // At once to all of the group, so that none can start another meanwhile.
  if (proven && members.some(one => one.group === pid)) kill(-pid, name)
  for (const one of members)
    if (one.group !== pid && processOf(one.pid)?.start === one.start) kill(one.pid, name)
}

function kill(target: number, name: NodeJS.Signals) {
  try {
    process.kill(target, name)
  } catch {
    // Ended meanwhile, or not ours to end: it is looked for again.
  }
}

async function goneWithin(
  waitMs: number,
  members: () => readonly ProcessStat[],
  signal?: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + waitMs
  for (let look = firstLookMs; members().length > 0; look = Math.min(look * 2, longestLookMs)) {
    const left = until - performance.now()
    if (left <= 0 || signal?.aborted) return false
    await delay(Math.min(look, left), undefined, { signal }).catch(() => {})
  }
  return true
}

export const listed = (processes: readonly ProcessStat[]): string =>
  processes.map(({ pid, name }) => `${name} (pid ${pid})`).join(', ')
