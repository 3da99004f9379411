import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { harmless } from '../../run-log/harmless.ts'
import { StepError } from '../executor.ts'

const mostBytes = 8 * 1024
const mostLines = 20

/** Opens the file that a supervised program's output is appended to. */
export function openOwnOutput(file: string): number {
  try {
    return openSync(file, 'a', 0o640)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StepError(
      `Its output file ${file} can't be written (${code ?? 'error'}). Check the folder and its rights.`,
    )
  }
}

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The last lines after a place in the file: what the program said before it ended. */
export function lastLines(file: string, from: number): string[] {
  try {
    const descriptor = openSync(file, 'r')
    const size = fstatSync(descriptor).size
    const start = Math.max(from, size - mostBytes)
    const bytes = Buffer.alloc(Math.max(0, size - start))
    readSync(descriptor, bytes, 0, bytes.length, start)
    closeSync(descriptor)
    const lines = harmlessLines(bytes)
    // Of a line that is cut off, the redactor would not know the rest of a secret.
    return (start > from ? lines.slice(1) : lines).slice(-mostLines)
  } catch {
    return []
  }
}

const harmlessLines = (bytes: Buffer): string[] =>
  bytes
    .toString()
    .split(/\r\n|\n|\r/)
    .filter(line => line !== '')
    .map(line => `| ${harmless(line)}`)
