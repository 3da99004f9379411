import { spawn } from 'node:child_process'
import type { Secret } from '../secret.ts'
import { ProvisionerError } from './provisioner.ts'
import { harmlessLine, withoutSecrets } from './without-secrets.ts'

/** A program that has ended by itself. */
export interface Ended {
  status: number
  /** What it printed, without secrets: answers are stored and shown, and some programs repeat what they are told. */
  out: string
  /** Its last words on standard error, without secrets, for people. */
  says: string
}

export interface Call {
  /** Already filled in; the first is the program. */
  argv: readonly string[]
  /** Written to its standard input, which is then closed. */
  input: string
  /** Kept out of whatever is told about it. */
  secrets: readonly Secret[]
  environment: Readonly<Record<string, string>>
  /** Milliseconds; then the whole process group is ended. */
  limit: number
}

const mostOutput = 1024 * 1024
/** What it has started may hold its output open for ever, such as an ssh connection that is to be used again. */
const lingerMs = 500

/** Runs a program without a shell. Throws `unreachable` when it takes too long, `failed` when it can't be started. */
export function runProgram({ argv, input, secrets, environment, limit }: Call): Promise<Ended> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...environment }, stdio: 'pipe', detached: true })
    const out = gather(child.stdout, () => endGroup(child.pid))
    const err = gather(child.stderr, () => endGroup(child.pid))
    const letGo = () => {
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(() => {
      endGroup(child.pid)
      letGo()
      reject(new ProvisionerError('unreachable', `${program} did not end within ${limit / 1000} s.`))
    }, limit)
    let linger: NodeJS.Timeout | undefined
    child.once('error', error => {
      clearTimeout(timer)
      reject(new ProvisionerError('failed', `${program} can’t be started (${codeOf(error)}).`))
    })
    child.once('exit', () => {
      clearTimeout(timer)
      linger = setTimeout(letGo, lingerMs)
    })
    child.once('close', (status, signal) => {
      clearTimeout(linger)
      const says = lastWords(err.text(), secrets)
      if (status === null)
        reject(new ProvisionerError('failed', `${program} was ended by ${signal}. ${says}`.trim()))
      else resolve({ status, out: withoutSecrets(out.text(), secrets), says })
    })
    // Whoever doesn't read it ends before: its exit status tells more than that.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function gather(stream: NodeJS.ReadableStream, tooMuch: () => void): { text(): string } {
  const parts: Buffer[] = []
  let size = 0
  stream.on('data', (part: Buffer) => {
    size += part.length
    if (size <= mostOutput) parts.push(part)
    else tooMuch()
  })
  return { text: () => Buffer.concat(parts).toString('utf8') }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

const codeOf = (error: Error) => ('code' in error ? String(error.code) : error.message)

/** The last line, made harmless; a secret of several lines, or with a tab, is looked for before and after. */
const lastWords = (text: string, secrets: readonly Secret[]): string =>
  withoutSecrets(
    withoutSecrets(text, secrets)
      .split('\n')
      .map(harmlessLine)
      .findLast(one => one !== '') ?? '',
    secrets,
  ).slice(0, 300)
