import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { openDeps } from '../src/cli/open-deps.ts'
import { startPortal } from '../src/cli/portal.ts'
import { readConfig } from '../src/config.ts'
import { paths } from '../src/paths.ts'
import { serveBare } from './bench/bare.tsx'
import { type CampaignFigures, measureCampaign } from './bench/campaign.ts'
import { startChild } from './bench/children.ts'
import type { Measured } from './bench/load.ts'
import { firstLoad, measurePages } from './bench/pages.ts'
import { measureQueue, type QueueFigures } from './bench/queue.ts'
import { kib, type Line, mib, ms, perSecond, printReport, ratio } from './bench/report.ts'
import { customers, requests, seed, signIn } from './bench/seed.ts'

/** One run, everything side by side, medians of three. BENCH_DATABASE_URL names an empty PostgreSQL database. */
const silent = pino({ level: 'silent' })
const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  portal: async () => (await startPortal(readConfig(), pino({ level: 'info' }))).url,
  bare: async () => `http://127.0.0.1:${await serveBare(readConfig())}`,
  queue: async () => measureQueue(await openDeps(readConfig(), silent)),
  campaign: async () => measureCampaign(await openDeps(readConfig(), silent)),
}

const mode = modes[process.argv[2] ?? '']
if (mode) process.send?.(await mode())
else await bench()

async function bench() {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-bench-'))
  const { BENCH_DATABASE_URL: database } = process.env
  const env = {
    DATA_DIR: folder,
    PORT: '0',
    SESSION_IDLE: '600',
    ...(database ? { DATABASE_URL: database } : {}),
  }
  try {
    const atStart = await memoryAtStart(path.join(folder, 'empty'))
    const cookies = await fill(env)
    const pages = await benchPages(env, cookies)
    const queue = await benchQueue(env)
    const campaign = await benchCampaign(path.join(folder, 'campaign'))
    const met = printReport(
      `Gatehouse on ${database ? 'PostgreSQL' : 'SQLite'}, Node ${process.version}: ${requests.toLocaleString('en')} requests of ${customers} customers, 16 connections, medians of three`,
      [...pageLines(pages), ...queueLines(queue), ...campaignLines(campaign), ...sizeLines(pages, atStart)],
    )
    process.exitCode = met ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function memoryAtStart(folder: string): Promise<number> {
  const portal = await startChild<string>('portal', { DATA_DIR: folder, PORT: '0' })
  await wait(3000)
  const memory = portal.memory()
  await portal.stop()
  return memory
}

async function fill(env: Record<string, string>) {
  const began = performance.now()
  const opened = await openDeps(readConfig(env), silent)
  await seed(opened.deps)
  const cookies = {
    user: await signIn(opened.deps, 'USER01'),
    operator: await signIn(opened.deps, 'OPERATOR01'),
  }
  await opened.close()
  console.log(
    `Filled in ${((performance.now() - began) / 1000).toFixed(0)} s. Measuring takes about four minutes.`,
  )
  return cookies
}

interface PageFigures {
  of: (name: string) => Measured
  firstLoad: number
  memory: number
}

async function benchPages(
  env: Record<string, string>,
  cookies: { user: string; operator: string },
): Promise<PageFigures> {
  const portal = await startChild<string>('portal', env)
  const bare = await startChild<string>('bare', env)
  const at = (path: string) => portal.said + path
  // Of customer 10000, whose numbers are the multiples of 500.
  const record = paths.serviceRequest(requests - 500)
  const bytes = (
    await (await fetch(at(paths.serviceRequests()), { headers: { cookie: cookies.user } })).text()
  ).length
  const { user, operator } = cookies
  const found = await measurePages([
    { name: 'bare, user', url: `${bare.said}/customer/10000` },
    { name: 'user', url: at(paths.serviceRequests()), cookie: user },
    { name: 'bare, operator', url: `${bare.said}/all` },
    { name: 'operator', url: at(paths.serviceRequests()), cookie: operator },
    { name: 'same bytes', url: `${bare.said}/bytes/${bytes}` },
    {
      name: 'deep',
      url: at(paths.serviceRequests({ after: requests - 99_980, from: 99_981 })),
      cookie: operator,
    },
    { name: 'prefix', url: at(paths.serviceRequests({ asset: '10000-D' })), cookie: operator },
    { name: 'status', url: at(paths.serviceRequests({ status: 'RESOLVED' })), cookie: operator },
    { name: 'user prefix', url: at(paths.serviceRequests({ asset: '10000-D' })), cookie: user },
    { name: 'user status', url: at(paths.serviceRequests({ status: 'RESOLVED' })), cookie: user },
    { name: 'record', url: at(record), cookie: user },
    { name: 'user gzip', url: at(paths.serviceRequests()), cookie: user, acceptEncoding: 'gzip' },
  ])
  const first = await firstLoad(at(paths.home()), user)
  await wait(60_000)
  const memory = portal.memory()
  await portal.stop()
  await bare.stop()
  const of = (name: string) => {
    const one = found.get(name)
    if (!one) throw new Error(`${name} was not measured`)
    return one
  }
  return { of, firstLoad: first, memory }
}

async function benchQueue(env: Record<string, string>): Promise<QueueFigures> {
  const child = await startChild<QueueFigures>('queue', env)
  await child.stop()
  return child.said
}

/** On SQLite, with nothing else in it. */
async function benchCampaign(folder: string): Promise<CampaignFigures> {
  const child = await startChild<CampaignFigures>('campaign', { DATA_DIR: folder, DATABASE_URL: '' })
  await child.stop()
  return child.said
}

function pageLines({ of }: PageFigures): Line[] {
  return [
    ...['user', 'operator'].flatMap(who => listLines(who, of(who), of(`bare, ${who}`))),
    { what: 'static answer of the same bytes', found: perSecond(of('same bytes').perSecond) },
    { what: 'list, user, gzip as browsers ask', found: perSecond(of('user gzip').perSecond) },
    slower('page 5,000, operator', of('deep'), of('operator'), 1.2),
    slower('filter by asset prefix, operator', of('prefix'), of('operator'), 1.5),
    slower('filter by Status, operator', of('status'), of('operator'), 1.5),
    slower('filter by asset prefix, user', of('user prefix'), of('user'), 1.5),
    slower('filter by Status, user', of('user status'), of('user'), 1.5),
    { what: 'record page, user', found: `${perSecond(of('record').perSecond)}, p99 ${ms(of('record').p99)}` },
  ]
}

function listLines(who: string, list: Measured, bare: Measured): Line[] {
  return [
    {
      what: `bare route, ${who}`,
      found: `${perSecond(bare.perSecond)}, p50 ${ms(bare.p50)}, p99 ${ms(bare.p99)}`,
    },
    { what: `list, ${who}`, found: `${perSecond(list.perSecond)}, p50 ${ms(list.p50)}, p99 ${ms(list.p99)}` },
    {
      what: `list : bare route, ${who}`,
      found: ratio(list.perSecond, bare.perSecond),
      target: { words: 'throughput at least 0.5×', met: list.perSecond >= bare.perSecond / 2 },
    },
    {
      what: `p99 : bare route, ${who}`,
      found: ratio(list.p99, bare.p99),
      target: { words: 'at most 3×', met: list.p99 <= bare.p99 * 3 },
    },
  ]
}

function slower(what: string, page: Measured, first: Measured, most: number): Line {
  return {
    what,
    found: `p50 ${ms(page.p50)}, ${ratio(page.p50, first.p50)}`,
    target: { words: `at most ${most}× the first page`, met: page.p50 <= first.p50 * most },
  }
}

function queueLines(q: QueueFigures): Line[] {
  return [
    { what: 'claim transaction', found: `p50 ${ms(q.claimP50)}` },
    {
      what: 'Queue Request to INPROG',
      found: `p50 ${ms(q.inProgressP50)}, p99 ${ms(q.inProgressP99)}`,
      target: {
        words: 'p99 at most 10× the claim and 100 ms',
        met: q.inProgressP99 <= Math.min(100, q.claimP50 * 10),
      },
    },
    { what: 'bare claim and finish', found: perSecond(q.barePerSecond) },
    {
      what: '10,000 no-op runs through the queue',
      found: `${perSecond(q.queuePerSecond)}, ${ratio(q.queuePerSecond, q.barePerSecond)}`,
      target: { words: 'at least 0.5×', met: q.queuePerSecond >= q.barePerSecond / 2 },
    },
  ]
}

function campaignLines({ persons, rows, seconds, bareSeconds, memory }: CampaignFigures): Line[] {
  const grown = memory.highest - memory.before
  return [
    {
      what: `re-validation of ${persons.toLocaleString('en')} persons, prepared`,
      found: `${seconds.toFixed(1)} s, ${perSecond(persons / seconds)}`,
    },
    {
      what: 'its rows written by a bare loop, a statement each',
      found: `${bareSeconds.toFixed(1)} s, ${perSecond(rows / bareSeconds)} rows`,
    },
    {
      what: 'preparing : bare loop',
      found: ratio(seconds, bareSeconds),
      target: { words: 'takes at most 2×', met: seconds <= bareSeconds * 2 },
    },
    {
      what: 'memory before, at the highest, after',
      found: `${[memory.before, memory.highest, memory.after].map(mib).join(', ')}`,
      target: { words: 'grows by at most 64 MiB', met: grown <= 64 },
    },
  ]
}

function sizeLines(pages: PageFigures, atStart: number): Line[] {
  return [
    {
      what: 'memory after it, and a minute of rest',
      found: `${mib(pages.memory)}, ${ratio(pages.memory, atStart)}`,
      target: { words: `at most 2× the ${mib(atStart)} of an empty start`, met: pages.memory <= atStart * 2 },
    },
    {
      what: 'first load of the Start Center',
      found: kib(pages.firstLoad),
      target: { words: 'under 60 KiB', met: pages.firstLoad < 60 * 1024 },
    },
  ]
}
