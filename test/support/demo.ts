import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../scripts/free-port.ts'

const run = promisify(execFile)

export interface RunningDemo {
  url: string
  /** Password by Login ID, as the demo printed them. */
  passwords: ReadonlyMap<string, string>
  dataDir: string
  stop(): Promise<void>
}

/** Builds and starts the demo as a newcomer would, in a folder and on a port of its own. */
export async function startDemo(): Promise<RunningDemo> {
  await run(process.execPath, ['scripts/build.mjs'])
  const dataDir = await mkdtemp(path.join(tmpdir(), 'gatehouse-demo-'))
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(await freePort()) }
  const child = spawn(process.execPath, ['dist/demo.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const printed = await readUntilPersons(child)
  return {
    ...printed,
    dataDir,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      await run(process.execPath, ['dist/demo.mjs', '--wipe'], { env })
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function readUntilPersons(child: ChildProcess): Promise<Pick<RunningDemo, 'url' | 'passwords'>> {
  const passwords = new Map<string, string>()
  let url: string | undefined
  let pending = ''
  // Kept open on return: the demo goes on printing.
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    pending += String(chunk)
    const lines = pending.split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) {
      url ??= /^Gatehouse is at (http:\S+)$/.exec(line)?.[1]
      const person = /^(\S+@example\.com) {2}(\S+) {2}(OPERATOR|MANAGER|STD_USER)$/.exec(line)
      if (person?.[1] && person[2]) passwords.set(person[1], person[2])
    }
    if (url && passwords.size === 7) {
      child.stdout?.resume()
      return { url, passwords }
    }
  }
  throw new Error(`The demo ended (${child.exitCode}) before it had printed its address and seven persons.`)
}
