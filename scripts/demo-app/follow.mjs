// Prints what the application writes to its log from its last start on, until it answers.
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const [, , log, health] = process.argv
const giveUpAt = performance.now() + 30_000
let shown = Math.max(
  0,
  linesOf(log).findLastIndex(line => line.includes(' is starting ')),
)

while (!(await answers())) {
  printNew()
  if (performance.now() > giveUpAt) {
    console.error(`${health} did not answer within 30 s.`)
    process.exit(1)
  }
  await wait(100)
}
printNew()

function printNew() {
  const lines = linesOf(log)
  for (const line of lines.slice(shown)) console.log(line)
  shown = lines.length
}

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

async function answers() {
  try {
    return (await fetch(health, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}
