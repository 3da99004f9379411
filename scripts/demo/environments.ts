import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { DemoEnvironment } from '../../db/seeds/demo.ts'
import { demoRunbooks } from '../../db/seeds/demo-runbooks.ts'
import { executorOf } from '../../src/automation/executors/registry.ts'
import { plannedSteps } from '../../src/automation/plan.ts'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import type { Deps } from '../../src/deps.ts'
import { ownRoot } from '../../src/files/stores.ts'
import { freePort } from '../free-port.ts'
import { rememberedPorts, rememberPorts } from './ports.ts'
import { stepByHand } from './step-by-hand.ts'

const assets = ['10000-DEV', '10000-TST', '10000-PRD', '20000-DEV']
// Beside dist as well as beside scripts/demo.ts.
const programs = path.resolve(import.meta.dirname, '../scripts/demo-app')

type Say = (line: string) => void

/** The applications of the demo, each in a folder and on a port of its own that it keeps. */
export async function environmentsIn(folder: string): Promise<DemoEnvironment[]> {
  const remembered = rememberedPorts(folder)
  const ports: Record<string, number> = {}
  for (const asset of assets) ports[asset] = await portOf(folder, asset, remembered[asset])
  rememberPorts(folder, ports)
  return assets.map(asset => environmentOf(folder, asset, ports[asset] ?? 0))
}

/** One that runs already keeps its port; another program's is given up. */
async function portOf(folder: string, asset: string, remembered: number | undefined): Promise<number> {
  if (remembered && (await isOurs(remembered, registerOf(folder, asset)))) return remembered
  return freePort(remembered)
}

async function isOurs(port: number, register: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) })
    return ((await answer.json()) as { register?: string }).register === register
  } catch {
    return false
  }
}

const folderOf = (folder: string, asset: string) => path.join(folder, 'applications', asset)
const registerOf = (folder: string, asset: string) => path.join(folderOf(folder, asset), 'register.json')

function environmentOf(folder: string, asset: string, port: number): DemoEnvironment {
  const own = folderOf(folder, asset)
  // Where Object Storage Log Access finds what the application writes.
  const logs = ownRoot({ DATA_DIR: folder }, asset, 'logs')
  for (const made of [own, logs]) mkdirSync(made, { recursive: true, mode: 0o700 })
  const url = `http://127.0.0.1:${port}/`
  const health = `${url}health`
  return {
    asset,
    url,
    health,
    variables: {
      node: process.execPath,
      program: path.join(programs, 'application.mjs'),
      announce: path.join(programs, 'announce.mjs'),
      follow: path.join(programs, 'follow.mjs'),
      folder: own,
      register: registerOf(folder, asset),
      log: path.join(logs, 'application.log'),
      port: String(port),
      url,
      health,
    },
  }
}

/** Starts what does not run, as the runbook does it. */
export async function startEnvironments(deps: Deps, environments: readonly DemoEnvironment[], say: Say) {
  const outcomes = await Promise.all(environments.map(one => perform(deps, one, 'start-application')))
  for (const [index, problem] of outcomes.entries())
    if (problem) say(`${environments[index]?.asset} could not be started: ${problem}`)
  say('The environments run:')
  for (const [index, { asset, url }] of environments.entries())
    if (!outcomes[index]) say(`  ${asset}  ${url}`)
}

/** Stops what runs, as the runbook does it. */
export async function stopEnvironments(deps: Deps, environments: readonly DemoEnvironment[], say: Say) {
  const outcomes = await Promise.all(environments.map(one => perform(deps, one, 'stop-application')))
  for (const [index, problem] of outcomes.entries())
    say(`${environments[index]?.asset}: ${problem ?? 'stopped'}`)
}

/** Does the runbook's steps that are about the supervised program; gives what went wrong. */
async function perform(
  deps: Deps,
  environment: DemoEnvironment,
  action: string,
): Promise<string | undefined> {
  const definition = demoRunbooks.find(runbook => runbook.action === action)?.definition
  const asset = { id: environment.asset, ...environment.variables }
  const steps = plannedSteps({
    definition: runbookDefinition.parse(definition),
    values: { asset, request: { id: '', summary: '' }, field: {} },
  })
  for (const { step } of steps.filter(one => one.step.executor === 'process')) {
    const end = await executorOf(step.executor).run(step, stepByHand(deps, step))
    if (end.kind !== 'succeeded') return 'reason' in end ? end.reason : end.kind
  }
  return undefined
}
