import { describe } from 'vitest'
import { engines } from '../support/engines.ts'
import { allCrashPoints, lostWorker } from './lost-worker.ts'

/** Again and again: what goes wrong once in a hundred times shows here. */
const rounds = Array.from({ length: 10 }, (_, i) => i + 1)

describe.each(rounds)('Round %i', () => {
  for (const engine of engines) lostWorker(engine, allCrashPoints)
})
