import { uptime } from 'node:os'
import { bootId, processOf } from '../proc.ts'

/** Tells a process from every other one of its machine, also after its pid was given to another. */
export interface ProcessIdentity {
  /** Boot and pid namespace, `boot:namespace`. Empty where the system has no /proc. */
  bootId: string
  pid: number
  /** Clock ticks from boot to the start of the process (/proc/PID/stat, field 22). Empty when unknown. */
  procStart: string
}

export function ownIdentity(): ProcessIdentity {
  return { bootId: knownBootId(), pid: process.pid, procStart: processOf(process.pid)?.start ?? '' }
}

/** When this machine was started. */
export const bootedMs = (now: Date) => now.getTime() - uptime() * 1000

/**
 * Whether that process of this machine is surely gone. In doubt it is not: another pid namespace (a container) can't
 * be looked into, and without /proc only a free pid proves anything.
 */
export function isSurelyGone(other: ProcessIdentity, lastSeenMs: number, now: Date): boolean {
  const [boot, namespace] = knownBootId().split(':')
  const [otherBoot, otherNamespace] = other.bootId.split(':')
  if (boot !== otherBoot) return Boolean(boot && otherBoot) && lastSeenMs < bootedMs(now)
  if (namespace !== otherNamespace) return false
  return !pidExists(other.pid) || isAnother(other)
}

function isAnother(other: ProcessIdentity): boolean {
  const stat = processOf(other.pid)
  if (!stat || other.procStart === '') return false
  return stat.start !== other.procStart || stat.ended
}

function knownBootId(): string {
  try {
    return bootId()
  } catch {
    return ''
  }
}

/** Asked by a signal that does nothing: works everywhere, also where /proc hides other users' processes. */
function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
