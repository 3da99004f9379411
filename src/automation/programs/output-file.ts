import { execFile } from 'node:child_process'
import { type FileHandle, open } from 'node:fs/promises'
import type { Redactor } from '../redact.ts'
import { LineCutter } from '../run-log/line-cutter.ts'

const mostBytes = 64 * 1024
/** A program that says a lot must not fill the disk with what was read long ago. */
const giveBackBytes = 64 * 1024 * 1024

/** A file that a program writes, read as far as it has got. */
export class OutputFile {
  readonly #path: string
  readonly #cutter: LineCutter
  readonly #buffer = Buffer.allocUnsafe(mostBytes)
  #file: FileHandle | undefined
  #givenBack = 0
  #until = Number.POSITIVE_INFINITY

  constructor(path: string, offset: number, redactor: Redactor) {
    this.#path = path
    this.#cutter = new LineCutter(offset, redactor)
  }

  /** Everything before it stands in lines that were given. */
  get offset(): number {
    return this.#cutter.offset
  }

  /** At most 64 KiB more: its complete lines, and whether there was anything. */
  async read(): Promise<{ lines: string[]; more: boolean }> {
    this.#file ??= await opened(this.#path)
    const wanted = Math.min(mostBytes, this.#until - this.#cutter.readTo)
    if (!this.#file || wanted <= 0) return { lines: [], more: false }
    const { bytesRead } = await this.#file.read(this.#buffer, 0, wanted, this.#cutter.readTo)
    if (bytesRead === 0) return { lines: [], more: false }
    return { lines: this.#cutter.push(Buffer.from(this.#buffer.subarray(0, bytesRead))), more: true }
  }

  /** Nothing that is written from now on is read. */
  async closeEnd() {
    this.#file ??= await opened(this.#path)
    this.#until = (await this.#file?.stat())?.size ?? 0
  }

  /** What is left when nothing more comes. */
  end(): string[] {
    return this.#cutter.end()
  }

  /** Tells the file system that what lies before the offset, which is committed, is not needed any more. */
  giveBack() {
    if (this.offset - this.#givenBack < giveBackBytes) return
    this.#givenBack = this.offset
    // Where it is not to be had the file stays as large as it is.
    const range = ['--offset', '0', '--length', String(this.offset)]
    execFile('/usr/bin/fallocate', ['--punch-hole', ...range, this.#path], { env: {} }, () => {})
  }

  async close() {
    await this.#file?.close()
  }
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch {
    return undefined
  }
}
