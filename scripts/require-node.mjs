import { existsSync } from 'node:fs'

const problem = whatIsMissing()
if (problem) {
  console.error(`Gatehouse ${problem} Run "npm ci", then start through npm ("npm start", "npm run demo").`)
  process.exit(1)
}

function whatIsMissing() {
  if (!existsSync(new URL('../node_modules/esbuild', import.meta.url))) return 'lacks its packages.'
  // better-sqlite3 crashes on older versions without a word.
  if (Number(process.versions.node.split('.')[0]) < 24)
    return `needs Node 24 or newer, this is ${process.version}. On Linux x64 it comes with the packages.`
  return undefined
}
