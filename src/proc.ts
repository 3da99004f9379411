import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process as the kernel knows it (/proc/PID/stat). */
export interface ProcessStat {
  pid: number
  name: string
  /** Zombies (Z) and dead ones (X) do nothing any more. */
  ended: boolean
  group: number
  session: number
  /** Clock ticks from boot to its start: tells it from a later process with the same pid. */
  start: string
}

/** The running process of that pid. */
export function processOf(pid: number): ProcessStat | undefined {
  try {
    return parse(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

export const isRunning = ({ pid, start }: { pid: number; start: string }): boolean => {
  const found = processOf(pid)
  return found !== undefined && !found.ended && found.start === start
}

/** All processes that do something. */
export const runningProcesses = (): ProcessStat[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => processOf(Number(pid)) ?? [])
    .filter(({ ended }) => !ended)

/** Whether a process was started with NAME=value in its environment, as far as we may look. */
export function carries(pid: number, marker: string): boolean {
  try {
    return marker !== '' && environmentOf(pid).includes(asLatin1(marker))
  } catch {
    return false
  }
}

const environmentOf = (pid: number): string[] => readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
const asLatin1 = (text: string) => Buffer.from(text).toString('latin1')

/** Where a pid means something: this boot of the machine and this pid namespace, as `boot:namespace`. */
export function bootId(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}:${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`
}

/** The name in field 2 may hold spaces and brackets; what follows the last bracket is regular. */
function parse(pid: number, stat: string): ProcessStat {
  const bracket = stat.lastIndexOf(')')
  const fields = stat.slice(bracket + 2).split(' ')
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, bracket),
    ended: fields[0] === 'Z' || fields[0] === 'X',
    group: Number(fields[2]),
    session: Number(fields[3]),
    start: fields[19] ?? '',
  }
}
