import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

export interface Child<T> {
  /** What it said when it was ready, or done. */
  said: T
  /** Resident memory in MiB. */
  memory(): number
  stop(): Promise<void>
}

/** A part of the measurement in a process of its own; its log goes nowhere. */
export async function startChild<T>(mode: string, env: Readonly<Record<string, string>>): Promise<Child<T>> {
  const child = fork(process.argv[1] ?? '', [mode], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return {
    said: await firstMessage<T>(child, mode),
    memory: () => residentMemory(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function firstMessage<T>(child: ChildProcess, mode: string): Promise<T> {
  const [said] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The part “${mode}” ended before it said anything.`)
    }),
  ])
  return said as T
}

const residentMemory = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
