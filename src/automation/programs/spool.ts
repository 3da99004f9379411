import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../../config.ts'
import { randomToken } from '../../ids.ts'
import { StepError } from '../executors/executor.ts'

/** A step's folder: its outputs, and the signs that its supervisor leaves. */
export interface Spool {
  folder: string
  out: string
  err: string
}

/** Name of the environment variable that marks all that a step has started. */
const stepMark = 'GATEHOUSE_STEP'

const runFolder = (config: Pick<Config, 'DATA_DIR'>, runId: number) =>
  path.join(config.DATA_DIR, 'spool', String(runId))

/** A new one; its random name is the mark of the step's processes. */
export function createSpool(config: Pick<Config, 'DATA_DIR'>, runId: number, stepId: number): Spool {
  const folder = path.join(runFolder(config, runId), `${stepId}-${randomToken().slice(0, 12)}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StepError(`The folder for its output, ${folder}, can't be made (${code}). Look after DATA_DIR.`)
  }
  return spoolAt(folder)
}

export const spoolAt = (folder: string): Spool => ({
  folder,
  out: path.join(folder, 'out'),
  err: path.join(folder, 'err'),
})

/** Opened for appending, so that what was read already can be given back to the file system. */
export function openOutputs(spool: Spool, merge: boolean) {
  const out = openSync(spool.out, 'a', 0o600)
  const err = merge ? out : openSync(spool.err, 'a', 0o600)
  const close = () => {
    for (const descriptor of new Set([out, err])) closeSync(descriptor)
  }
  return { out, err, close }
}

export const markOf = ({ folder }: Spool): [name: string, value: string] => [stepMark, folder]

/** The exit status, once the program has ended by itself. */
export function statusIn({ folder }: Spool): number | undefined {
  try {
    const text = readFileSync(path.join(folder, 'status'), 'utf8')
    return /^\d+\n$/.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}

/** Whether the program began; undefined when the folder is gone and nobody can know. */
export const hasBegun = ({ folder }: Spool): boolean | undefined =>
  existsSync(folder) ? existsSync(path.join(folder, 'begun')) : undefined

export const removeSpools = (config: Pick<Config, 'DATA_DIR'>, runId: number) =>
  rmSync(runFolder(config, runId), { recursive: true, force: true })
