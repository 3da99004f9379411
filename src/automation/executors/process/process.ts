import { closeSync } from 'node:fs'
import type { Instant } from '../../../../db/schema.ts'
import { nowInstant, seconds } from '../../../clock.ts'
import { isRunning } from '../../../proc.ts'
import { endGroup, listed } from '../../programs/group.ts'
import { type Launched, launchToStay } from '../../programs/launch.ts'
import { quoted } from '../../programs/quote.ts'
import type { ProcessStep } from '../../runbook.ts'
import type { Executor, StepContext, StepEnd } from '../executor.ts'
import { askHealth, pause } from './health.ts'
import { lastLines, openOwnOutput, sizeOf } from './own-output.ts'
import { claimStart, hostElsewhere, lookAt, markOf, type Supervised, setState } from './supervised.ts'

/** Keeps a local program that outlives the portal: every operation brings about a state, and may find it reached. */
export const process: Executor<ProcessStep> = {
  describe,
  run: async (step, at) => {
    await at.begin()
    return (await elsewhere(step, at)) ?? operations[step.operation](step, at)
  },
  resume: (step, at) => (step.operation === 'restart' ? resumeRestart : operations[step.operation])(step, at),
  traces: async (step, at) => inWords(await lookAt(at, step.process)),
}

type Operation = (step: ProcessStep, at: StepContext) => Promise<StepEnd>
const operations = { start, stop, restart, check } satisfies Record<ProcessStep['operation'], Operation>

function describe({ operation, process: name, argv, healthUrl, output }: ProcessStep): string[] {
  const starts = operation === 'start' || operation === 'restart'
  return [
    `${operation} the program “${name}”`,
    ...(starts ? [quoted(argv), `output to ${output}`] : []),
    ...(healthUrl && operation !== 'stop' ? [`healthy when ${healthUrl} answers 2xx`] : []),
  ]
}

/** One of a name at a time, on all machines. */
async function elsewhere({ process: name }: ProcessStep, at: StepContext): Promise<StepEnd | undefined> {
  const host = await hostElsewhere(at, name)
  if (!host) return undefined
  const reason = `The program “${name}” was started on ${host}; from ${at.host} it can't be looked after. Let this request run on ${host}.`
  return { kind: 'failed', reason }
}

async function start(step: ProcessStep, at: StepContext): Promise<StepEnd> {
  const found = await lookAt(at, step.process)
  if (found.running) {
    await at.say(inWords(found))
    return untilHealthy(step, at, { ...pidOf(found), outputFrom: sizeOf(step.output) })
  }
  return (await endLeftovers(step, at, found)) ?? launch(step, at, found)
}

async function stop(step: ProcessStep, at: StepContext): Promise<StepEnd> {
  const found = await lookAt(at, step.process)
  if (!found.running && found.leftovers.length === 0) {
    await at.say(`The program “${step.process}” is not running.`)
    return { kind: 'succeeded' }
  }
  const before = performance.now()
  await at.say(`${inWords(found)} Asking it to stop; after ${step.stopWait} s it is killed.`)
  const stuck = await endAll(step, at, found)
  if (stuck) return stuck
  await at.say(`Stopped after ${((performance.now() - before) / 1000).toFixed(1)} s.`)
  return { kind: 'succeeded' }
}

async function restart(step: ProcessStep, at: StepContext): Promise<StepEnd> {
  const stopped = await stop(step, at)
  return stopped.kind === 'succeeded' ? start(step, at) : stopped
}

/** A program started since the step began was started by it, and is not stopped again. */
async function resumeRestart(step: ProcessStep, at: StepContext): Promise<StepEnd> {
  const { running, record } = await lookAt(at, step.process)
  const isNew = running && record !== undefined && record.started_at >= at.startedAt
  return isNew ? start(step, at) : restart(step, at)
}

async function check(step: ProcessStep, at: StepContext): Promise<StepEnd> {
  const found = await lookAt(at, step.process)
  await at.say(inWords(found))
  if (!found.running) return { kind: 'failed', reason: inWords(found) }
  return untilHealthy(step, at, { ...pidOf(found), outputFrom: sizeOf(step.output) })
}

/** Of a program whose leader has ended or was killed: it may still hold the port. */
async function endLeftovers(
  step: ProcessStep,
  at: StepContext,
  found: Supervised,
): Promise<StepEnd | undefined> {
  if (found.leftovers.length === 0) return undefined
  await at.say(`Left over from its last run: ${listed(found.leftovers)}. Ending them first.`)
  return endAll(step, at, found)
}

/** Undefined when nothing of it runs any more. */
async function endAll(step: ProcessStep, at: StepContext, found: Supervised): Promise<StepEnd | undefined> {
  at.mayStart()
  const { left, killed } = await endGroup(found.group, seconds(step.stopWait), at.signal)
  if (left.length > 0)
    return stoppedEarly(step, at) ?? { kind: 'failed', reason: `Not ended: ${listed(left)}.` }
  if (killed) await at.say(`It did not stop within ${step.stopWait} s and was killed.`)
  await at.write(tx => setState(tx, at.host, step.process, found.group.start, 'stopped'))
  return undefined
}

async function launch(step: ProcessStep, at: StepContext, found: Supervised): Promise<StepEnd> {
  const outputFrom = sizeOf(step.output)
  const now = nowInstant(at.deps.clock)
  const launched = await launchWaiting(step, at, markOf(at, step.process, now))
  if (!(await claimed(at, found, { ...launched, at: now }))) return start(step, at)
  await launched.go()
  await at.deps.checkpoint?.('process started')
  await at.write(tx => setState(tx, at.host, step.process, launched.start, 'running'))
  await at.say(`Started “${step.process}” (pid ${launched.pid}).`)
  return untilHealthy(step, at, { pid: launched.pid, start: launched.start, outputFrom })
}

async function launchWaiting(step: ProcessStep, at: StepContext, mark: string): Promise<Launched> {
  const output = openOwnOutput(step.output)
  try {
    const { argv, folder } = step
    return await launchToStay({ argv, folder, env: at.env, out: output, err: output }, mark)
  } finally {
    closeSync(output)
  }
}

/** Commits what is about to run; if that can't be, it never does. */
async function claimed(
  at: StepContext,
  found: Supervised,
  launched: Launched & { at: Instant },
): Promise<boolean> {
  try {
    await at.deps.checkpoint?.('process launched')
    const first = await at.write(tx => claimStart(tx, at.host, found, launched))
    await at.deps.checkpoint?.('process committed')
    at.mayStart()
    if (!first) launched.cancel()
    return first
  } catch (error) {
    launched.cancel()
    throw error
  }
}

interface Watched {
  pid: number
  start: string
  /** Where its output begins. */
  outputFrom: number
}

/** Without an address it is enough that it has not ended at once. */
async function untilHealthy(step: ProcessStep, at: StepContext, program: Watched): Promise<StepEnd> {
  const before = performance.now()
  for (let said = ''; ; await pause(at.signal)) {
    const { healthy, answer } = step.healthUrl ? await askHealth(step.healthUrl) : settled(before)
    if (!isRunning(program)) return hasEnded(step, at, program)
    if (step.healthUrl && answer !== said) await at.say(`${step.healthUrl} ${answer}.`)
    if (healthy) return { kind: 'succeeded' }
    said = answer
    const early = stoppedEarly(step, at, `${step.healthUrl ?? 'It'} ${answer}. The program is left running.`)
    if (early) return early
  }
}

const settleMs = 500
const settled = (since: number) => ({ healthy: performance.now() - since >= settleMs, answer: 'is starting' })

async function hasEnded(step: ProcessStep, at: StepContext, program: Watched): Promise<StepEnd> {
  const last = lastLines(step.output, program.outputFrom)
  if (last.length > 0) await at.say(`The last lines of ${step.output}:`, ...last)
  await at.write(tx => setState(tx, at.host, step.process, program.start, 'stopped'))
  return { kind: 'failed', reason: `The program “${step.process}” (pid ${program.pid}) has ended by itself.` }
}

function stoppedEarly(step: ProcessStep, at: StepContext, state = ''): StepEnd | undefined {
  const stop = at.stopReason()
  if (!stop) return undefined
  if (stop.kind === 'release') return { kind: 'released' }
  const reason = (why: string) => `${why} ${state}`.trim()
  return stop.kind === 'abort'
    ? { kind: 'aborted', reason: reason('Aborted by an operator.') }
    : { kind: 'failed', reason: reason(`Time limit of ${step.timeLimit} s reached.`) }
}

const pidOf = ({ group }: Supervised) => ({ pid: group.pid, start: group.start })

function inWords({ name, running, group, leftovers }: Supervised): string {
  if (running) return `The program “${name}” is running (pid ${group.pid}).`
  const left = leftovers.length > 0 ? ` Left over from it: ${listed(leftovers)}.` : ''
  return `The program “${name}” is not running.${left}`
}
