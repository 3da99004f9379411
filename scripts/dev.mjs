import './require-node.mjs'
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import path from 'node:path'

// The demo, built and started again whenever a source file changes. The environments go on running.
const root = path.resolve(import.meta.dirname, '..')
let portal
let pending

const run = (...args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
const ended = child => new Promise(resolve => child.once('exit', resolve))

async function restart() {
  if ((await ended(run('scripts/build.mjs'))) !== 0) return
  if (portal?.exitCode === null) {
    portal.kill('SIGTERM')
    await ended(portal)
  }
  portal = run('--enable-source-maps', '--max-semi-space-size=16', 'dist/demo.mjs')
}

// An editor saves in several steps, a checkout changes many files: one restart for all.
let running = Promise.resolve()
function later() {
  clearTimeout(pending)
  pending = setTimeout(() => {
    running = running.then(restart)
  }, 150)
}

for (const folder of ['src', 'views', 'public', 'db', 'scripts'])
  watch(path.join(root, folder), { recursive: true }, later)
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    portal?.kill(signal)
    if (portal?.exitCode === null) await ended(portal)
    process.exit(0)
  })
later()
